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

import io.cameliot.common.camel.EndpointPath;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.spi.SendDynamicAware;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Lets {@code toD("azure-dps:idScope/${header.device}?…")} register every device by one endpoint, so that its bounds
 * hold for all of them: the registration id goes by header, the rest of the URI stays.
 */
@SendDynamic("azure-dps")
public class DpsSendDynamicAware extends ServiceSupport implements SendDynamicAware {

    private CamelContext camelContext;
    private String scheme;

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) {
        return new DynamicAwareEntry(uri, originalUri, null, null);
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) {
        DynamicUri uri = DynamicUri.parse(entry.getUri());
        return uri.registrationId() == null ? null : uri.endpointUri();
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        String registrationId = DynamicUri.parse(entry.getUri()).registrationId();
        return registrationId == null
                ? null
                : message -> message.getMessage().setHeader(DpsConstants.REGISTRATION_ID, registrationId);
    }

    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        // The registration id stays on the message: it belongs to the result.
        return null;
    }

    /** A URI, taken apart into the device and the endpoint that registers it. */
    private record DynamicUri(String endpointUri, String registrationId) {

        static DynamicUri parse(String uri) {
            int query = uri.indexOf('?');
            String path = query < 0 ? uri : uri.substring(0, query);
            int start = path.indexOf(':') + 1;
            while (start < path.length() && path.charAt(start) == '/') {
                start++;
            }
            int slash = path.indexOf('/', start);
            if (slash < 0 || slash == path.length() - 1) {
                return new DynamicUri(uri, null);
            }
            String decoded = EndpointPath.of(path);
            return new DynamicUri(
                    path.substring(0, slash) + (query < 0 ? "" : uri.substring(query)),
                    decoded.substring(decoded.indexOf('/') + 1));
        }
    }

    @Override
    public String getScheme() {
        return scheme;
    }

    @Override
    public void setScheme(String scheme) {
        this.scheme = scheme;
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }
}
