/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.cameliot.common.camel;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.camel.util.URISupport;
import org.apache.camel.util.UnsafeUriCharactersEncoder;

/** The path of an endpoint URI, as a component is given it. */
public final class EndpointPath {

    private EndpointPath() {}

    /**
     * What stands between scheme and query, decoded as Camel decodes it for the component: so that {@code toD}, which hands
     * this part over by header, means the same by a URI as {@code to}.
     *
     * @param uri of an endpoint, with the scheme; one that Camel would not take, because of a control character for one,
     *     is not decoded
     */
    public static String of(String uri) {
        int query = uri.indexOf('?');
        String withoutQuery = query < 0 ? uri : uri.substring(0, query);
        try {
            String normalized = URISupport.normalizeUri(withoutQuery);
            return URISupport.extractRemainderPath(new URI(UnsafeUriCharactersEncoder.encode(normalized)), false);
        } catch (URISyntaxException e) {
            // Whoever is given it refuses it by its own rules, and shows it without harm.
            String raw = withoutQuery.substring(withoutQuery.indexOf(':') + 1);
            return raw.startsWith("//") ? raw.substring(2) : raw;
        }
    }
}
