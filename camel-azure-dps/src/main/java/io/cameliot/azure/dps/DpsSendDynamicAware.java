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
package io.cameliot.azure.dps;

import io.cameliot.common.camel.DynamicSendByHeader;
import io.cameliot.common.camel.EndpointPath;
import java.util.Optional;
import org.apache.camel.Message;
import org.apache.camel.spi.annotations.SendDynamic;

/**
 * Lets {@code toD("azure-dps:idScope/${header.device}?…")} register all devices by one endpoint, so that its limits
 * apply to all of them together: a message header carries the registration id, and the rest is the URI of the endpoint.
 */
@SendDynamic("azure-dps")
public class DpsSendDynamicAware extends DynamicSendByHeader {

    @Override
    protected Optional<Parts> split(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        int start = path.indexOf(':') + 1;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        int slash = path.indexOf('/', start);
        if (slash < 0) {
            return Optional.empty();
        }
        String decoded = EndpointPath.of(path);
        return Optional.of(new Parts(
                path.substring(0, slash) + (query < 0 ? "" : uri.substring(query)),
                slash == path.length() - 1 ? "" : decoded.substring(decoded.indexOf('/') + 1)));
    }

    /**
     * Replaces the header of an earlier device, which stays on the message as a part of that device's result. Where the
     * expression gave nothing the value is empty, and the producer refuses it.
     */
    @Override
    protected void setHeader(Message message, String value) {
        RegistrationMessage.setFromUri(message, value);
    }
}
