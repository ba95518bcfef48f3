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
package io.cameliot.awsiot.tracing;

import io.cameliot.awsiot.AwsIotDeviceConstants;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.TagConstants;
import org.apache.camel.telemetry.decorators.AbstractMessagingSpanDecorator;

/**
 * Adds the topic and the client identifier to the spans of Camel's tracers, which find it by {@link
 * java.util.ServiceLoader}. The name of a span is the topic or filter of the URI, of which there are few.
 */
public final class AwsIotDeviceSpanDecorator extends AbstractMessagingSpanDecorator {

    /**
     * @see <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/messaging/">OpenTelemetry, messaging
     *     attributes</a>
     */
    private static final String CLIENT_ID = "messaging.client.id";

    @Override
    public String getComponent() {
        return "awsiot-device";
    }

    @Override
    public String getComponentClassName() {
        return "io.cameliot.awsiot.AwsIotDeviceComponent";
    }

    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint sentTo) {
        Endpoint endpoint = intercepted(sentTo);
        super.beforeTracingEvent(span, exchange, endpoint);
        // A route that publishes what it has received has the headers of both.
        boolean received = endpoint.equals(exchange.getFromEndpoint());
        tag(
                span,
                TagConstants.MESSAGE_BUS_DESTINATION,
                header(exchange, received ? AwsIotDeviceConstants.TOPIC : AwsIotDeviceConstants.OVERRIDE_TOPIC));
        tag(span, CLIENT_ID, received ? header(exchange, AwsIotDeviceConstants.CLIENT_ID) : clientId(endpoint));
    }

    /** The endpoint behind those that {@code interceptSendToEndpoint} or a test with mocks has put before it. */
    private static Endpoint intercepted(Endpoint sentTo) {
        Endpoint endpoint = sentTo;
        while (endpoint instanceof InterceptSendToEndpoint interceptor) {
            endpoint = interceptor.getOriginalEndpoint();
        }
        return endpoint;
    }

    private static String clientId(Endpoint endpoint) {
        // An exception would leave the span open.
        return endpoint instanceof EndpointServiceLocation service
                ? service.getServiceMetadata().get("clientId")
                : null;
    }

    private static String header(Exchange exchange, String name) {
        return exchange.getIn().getHeader(name, String.class);
    }

    /** Sets a tag, unless its value is unknown: a generated client identifier, or a topic that only the URI has. */
    private static void tag(Span span, String key, String value) {
        if (value != null) {
            span.setTag(key, value);
        }
    }
}
