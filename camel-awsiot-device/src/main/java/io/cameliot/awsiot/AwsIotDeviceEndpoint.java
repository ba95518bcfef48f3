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

import io.cameliot.awsiot.catchup.CatchUpTopic;
import io.cameliot.awsiot.outbox.OutboxSettings;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.protocol.EndpointAddress;
import io.cameliot.awsiot.request.RequestSettings;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.common.camel.DeviceEndpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/**
 * Talk to AWS IoT Core as a device: publish messages, and receive those of topics.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "awsiot-device",
        title = "AWS IoT Device",
        syntax = "awsiot-device:topic",
        category = {Category.IOT, Category.CLOUD, Category.MESSAGING},
        headersClass = AwsIotDeviceConstants.class)
public class AwsIotDeviceEndpoint extends DeviceEndpoint implements AsyncEndpoint, EndpointServiceLocation {

    @UriPath(
            description = "Producer: name of the topic to publish to. Consumer: topic filter to subscribe to, with the"
                    + " wildcards + and #, or a shared subscription ($share/group/filter).")
    @Metadata(required = true)
    private final String topic;

    @UriParam
    private final AwsIotDeviceConfiguration configuration;

    /**
     * Creates an endpoint.
     *
     * @param uri the URI with its secrets; never shown
     * @param shownUri the same URI with its secrets masked
     * @param topic topic name or filter
     */
    public AwsIotDeviceEndpoint(
            String uri,
            String shownUri,
            AwsIotDeviceComponent component,
            String topic,
            AwsIotDeviceConfiguration configuration) {
        super(uri, shownUri, component);
        this.topic = topic;
        this.configuration = configuration;
    }

    @Override
    protected void checkOptions() {
        connectionSettings();
        outboxSettings();
        requestSettings();
    }

    @Override
    public Producer createProducer() {
        ConnectionSettings settings = connectionSettings();
        TopicRules.requireTopicName(topic);
        return new AwsIotDeviceProducer(this, settings, outboxSettings(), requestSettings());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ConnectionSettings settings = connectionSettings();
        if (settings.protocol() == DeviceProtocol.https) {
            throw new IllegalArgumentException("protocol=https can publish only, a consumer cannot receive by it: use"
                    + " protocol=mqtt or protocol=wss");
        }
        TopicRules.requireTopicFilter(topic);
        if (configuration.isCatchUp()) {
            CatchUpTopic.of(topic);
            if (!configuration.isSubscribe()) {
                throw new IllegalArgumentException(
                        "Option catchUp=true is not possible with subscribe=false, by which the"
                                + " consumer subscribes to nothing: use subscribe=true");
            }
        }
        AwsIotDeviceConsumer consumer = new AwsIotDeviceConsumer(this, processor, settings);
        configureConsumer(consumer);
        return consumer;
    }

    /**
     * Checks the options of the connection.
     *
     * @throws IllegalArgumentException if an option is wrong
     */
    ConnectionSettings connectionSettings() {
        return ConnectionOptions.check(getComponent(), configuration);
    }

    /**
     * Checks the options of the outbox.
     *
     * @return null without an outbox
     * @throws IllegalArgumentException if an option is wrong
     */
    OutboxSettings outboxSettings() {
        return OutboxOptions.check(configuration);
    }

    /**
     * Checks the options of requests.
     *
     * @throws IllegalArgumentException if an option is wrong
     */
    RequestSettings requestSettings() {
        return RequestOptions.check(configuration);
    }

    @Override
    public AwsIotDeviceComponent getComponent() {
        return (AwsIotDeviceComponent) super.getComponent();
    }

    public String getTopic() {
        return topic;
    }

    @Override
    public AwsIotDeviceConfiguration getConfiguration() {
        return configuration;
    }

    @Override
    public String getServiceUrl() {
        return EndpointAddress.parse(configuration.getEndpoint()).host();
    }

    @Override
    public String getServiceProtocol() {
        return configuration.getProtocol().name();
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("topic", topic);
        if (configuration.getClientId() != null) {
            metadata.put("clientId", configuration.getClientId());
        }
        return metadata;
    }
}
