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
package io.cameliot.awsiot;

import io.cameliot.common.camel.EndpointPath;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.spi.SendDynamicAware;
import org.apache.camel.spi.annotations.SendDynamic;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Lets {@code toD("awsiot-device:${header.topic}?…")} publish to all topics by one endpoint: the topic goes by header,
 * the rest of the URI stays.
 */
@SendDynamic("awsiot-device")
public class AwsIotDeviceSendDynamicAware extends ServiceSupport implements SendDynamicAware {

    /** Stands for the topic in the one endpoint's URI. */
    private static final String ANY_TOPIC = "dynamic";

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
        String uri = entry.getUri();
        int query = uri.indexOf('?');
        return uri.substring(0, topicStart(uri)) + ANY_TOPIC + (query < 0 ? "" : uri.substring(query));
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        String topic = EndpointPath.of(entry.getUri());
        return dynamic -> {
            Message message = dynamic.getMessage();
            if (message.getHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC) == null) {
                message.setHeader(AwsIotDeviceConstants.OVERRIDE_TOPIC, topic);
            }
        };
    }

    /** The producer takes the header away itself. */
    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return null;
    }

    /** As for any URI, two slashes behind the scheme do not count; a topic that begins with a slash has three. */
    private static int topicStart(String uri) {
        int colon = uri.indexOf(':') + 1;
        return uri.startsWith("//", colon) ? colon + 2 : colon;
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
