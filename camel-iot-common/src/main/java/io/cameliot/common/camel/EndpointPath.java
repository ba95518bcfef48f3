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

/** The path of an endpoint URI in the form in which a component receives it. */
public final class EndpointPath {

    private EndpointPath() {}

    /**
     * Returns the part between scheme and query, decoded as Camel decodes it for the component. {@code toD}, which
     * passes this part in a header, therefore treats a URI as {@code to} does.
     *
     * @param uri an endpoint URI with its scheme; it is not decoded if Camel would refuse it, for example because of a
     *     control character
     */
    public static String of(String uri) {
        int query = uri.indexOf('?');
        String withoutQuery = query < 0 ? uri : uri.substring(0, query);
        try {
            String normalized = URISupport.normalizeUri(withoutQuery);
            return URISupport.extractRemainderPath(new URI(UnsafeUriCharactersEncoder.encode(normalized)), false);
        } catch (URISyntaxException e) {
            // The component checks the raw path by its own rules, refuses it and escapes it in the message.
            String raw = withoutQuery.substring(withoutQuery.indexOf(':') + 1);
            return raw.startsWith("//") ? raw.substring(2) : raw;
        }
    }
}
