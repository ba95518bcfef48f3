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
package io.cameliot.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.SpanContextPropagationExtractor;
import org.apache.camel.telemetry.SpanContextPropagationInjector;
import org.apache.camel.telemetry.SpanLifecycleManager;
import org.apache.camel.telemetry.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Camel's tracers show which device has published or received what. */
class TracingTest {

    private static final String DESTINATION = "messaging.destination.name";
    private static final String CLIENT_ID = "messaging.client.id";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Spans spans = new Spans();
    private String options;
    private ProducerTemplate template;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        AwsIotEmulator aws = AWS.emulator();
        IssuedCertificate.CertificateFiles device = aws.issueDevice("sensor").writeTo(folder, "device");
        options = "?endpoint=" + aws.endpoint() + "&connectTo=" + aws.address(GatewayPort.MQTT_8883)
                + "&certificateFile=" + device.certificate() + "&privateKeyFile=" + device.privateKey() + "&caFile="
                + aws.serverAuthority().writeCertificate(folder.resolve("ca.pem"));
        new RecordingTracer(spans).init(camel);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:readings/+" + options + "&clientId=gateway")
                        .to("awsiot-device:forwarded" + options + "&clientId=forwarder");
                from("direct:out").to("awsiot-device:readings/1" + options + "&clientId=sensor");
                from("direct:state")
                        .setHeader("CamelAwsiotDeviceOverrideTopic", simple("states/${body}"))
                        .to("awsiot-device:states" + options + "&clientId=sensor");
                from("direct:generated").to("awsiot-device:anonymous" + options);
            }
        });
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void publishedAndReceivedMessagesHaveTopicAndClientId() {
        template.sendBody("direct:out", "20");

        await().until(() -> spans.named("forwarded").size() == 1);
        assertThat(spans.named("readings/1")).singleElement().satisfies(tags -> assertThat(tags)
                .containsEntry(DESTINATION, "readings/1")
                .containsEntry(CLIENT_ID, "sensor"));
        assertThat(spans.named("readings/+")).singleElement().satisfies(tags -> assertThat(tags)
                .containsEntry(DESTINATION, "readings/1")
                .containsEntry(CLIENT_ID, "gateway"));
        assertThat(spans.named("forwarded")).singleElement().satisfies(tags -> assertThat(tags)
                .containsEntry(DESTINATION, "forwarded")
                .containsEntry(CLIENT_ID, "forwarder"));
    }

    @Test
    void topicsOfMessagesAreTagsAndNoNames() {
        template.sendBody("direct:state", "on");
        template.sendBody("direct:state", "off");

        assertThat(spans.named("states"))
                .extracting(tags -> tags.get(DESTINATION))
                .containsExactlyInAnyOrder("states/on", "states/off");
    }

    @Test
    void clientIdsThatAreGeneratedAreNoTag() {
        template.sendBody("direct:generated", "x");

        assertThat(spans.named("anonymous")).singleElement().satisfies(tags -> assertThat(tags)
                .containsEntry(DESTINATION, "anonymous")
                .doesNotContainKey(CLIENT_ID));
    }

    @Test
    void interceptedEndpointsKeepTheirTagsAndEndTheirSpans() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("awsiot-device:intercepted*").log("intercepted");
                from("direct:observed").to("awsiot-device:intercepted" + options + "&clientId=observed");
            }
        });

        template.sendBody("direct:observed", "20");

        assertThat(spans.named("intercepted")).isNotEmpty().allSatisfy(tags -> assertThat(tags)
                .containsEntry(DESTINATION, "intercepted")
                .containsEntry(CLIENT_ID, "observed"));
        assertThat(spans.closed).hasSameSizeAs(spans.all);
    }

    /** The spans that were begun, with their tags. */
    private static final class Spans implements SpanLifecycleManager {

        private record Recorded(String name, Map<String, String> tags) implements Span {

            @Override
            public void log(Map<String, String> fields) {}

            @Override
            public void setTag(String key, String value) {
                tags.put(key, value);
            }

            @Override
            public void setComponent(String component) {}

            @Override
            public void setError(boolean error) {}
        }

        private final Queue<Recorded> all = new ConcurrentLinkedQueue<>();
        private final Queue<Span> closed = new ConcurrentLinkedQueue<>();

        List<Map<String, String>> named(String name) {
            return all.stream()
                    .filter(span -> span.name().equals(name))
                    .map(Recorded::tags)
                    .toList();
        }

        @Override
        public Span create(String name, Span parent, SpanContextPropagationExtractor extractor) {
            Recorded span = new Recorded(name, new ConcurrentHashMap<>());
            all.add(span);
            return span;
        }

        @Override
        public void activate(Span span) {}

        @Override
        public void deactivate(Span span) {}

        @Override
        public void close(Span span) {
            closed.add(span);
        }

        @Override
        public void inject(Span span, SpanContextPropagationInjector injector, boolean includeTracing) {}
    }

    private static final class RecordingTracer extends Tracer {

        private final Spans spans;

        RecordingTracer(Spans spans) {
            this.spans = spans;
        }

        @Override
        protected void initTracer() {
            setSpanLifecycleManager(spans);
        }
    }
}
