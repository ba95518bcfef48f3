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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.monitor.AwsIotDeviceConsole;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

/** The developer console shows the connections of running routes. */
class AwsIotDeviceConsoleTest extends DeviceTestSupport {

    private final AwsIotDeviceConsole console = new AwsIotDeviceConsole();

    @Test
    void showsConnectionsWithTheirSubscriptionsErrorsAndMessages() throws Exception {
        aws.policy("hearing", DevicePolicy.ALLOW_ALL.deny(Action.SUBSCRIBE, "b/#"));
        aws.policy("refused", DevicePolicy.ALLOW_ALL.deny(Action.CONNECT, "refused"));
        startRoutes();
        try (ProducerTemplate template = camel.createProducerTemplate()) {
            template.sendBody("direct:out", "1");
            template.sendBody("direct:out", "2");
        }

        await().untilAsserted(() -> {
            JsonNode connections = json();
            assertThat(connections).hasSize(2);
            assertThat(connections.get(0).at("/subscriptions/1/refused").asBoolean())
                    .isTrue();
            assertThat(connections.get(1).get("lastError").isTextual()).isTrue();
        });
        JsonNode hearing = json().get(0);
        assertThat(hearing.get("clientId").asText()).isEqualTo("hearing");
        assertThat(hearing.get("endpoint").asText()).isEqualTo(aws.endpoint());
        assertThat(hearing.get("port").asInt()).isEqualTo(8883);
        assertThat(hearing.get("protocol").asText()).isEqualTo("mqtt");
        assertThat(hearing.get("mqttVersion").asText()).isEqualTo("5");
        assertThat(hearing.get("state").asText()).isEqualTo("CONNECTED");
        assertThat(hearing.get("since").asText())
                .isEqualTo(connectionOf("hearing").getConnectionStateSince());
        assertThat(hearing.get("attempts").asInt()).isZero();
        assertThat(hearing.get("subscriptions"))
                .hasToString(
                        """
                [{"topicFilter":"a/#","qos":0,"refused":false},{"topicFilter":"b/#","qos":1,"refused":true}]""");
        JsonNode refused = json().get(1);
        assertThat(refused.get("clientId").asText()).isEqualTo("refused");
        assertThat(refused.get("state").asText()).isIn("WAITING", "CONNECTING");
        assertThat(refused.get("attempts").asInt()).isPositive();
        assertThat(refused.get("outboxDepth").asInt()).isEqualTo(2);
        assertThat(refused.get("subscriptions")).isEmpty();

        List<String> lines = text().lines().toList();
        assertThat(lines.get(0))
                .matches(
                        "CLIENT-ID +ENDPOINT +PROTOCOL +MQTT +STATE +SINCE +ATTEMPTS +IN-FLIGHT +WAITING" + " +OUTBOX");
        assertThat(lines.get(1)).matches("hearing +" + aws.endpoint() + ":8883 +mqtt +5 +CONNECTED +\\S+ +0 +0 +0 +0");
        assertThat(lines.subList(2, 4))
                .containsExactly("  subscription: a/# (QoS 0)", "  subscription: b/# (QoS 1, refused)");
        assertThat(lines.get(4)).matches("refused +\\S+ +mqtt +5 +(WAITING|CONNECTING) +\\S+ +[1-9]\\d* +0 +0 +2");
        assertThat(lines.get(5)).startsWith("  last error: ");
        assertThat(lines).hasSize(6);
    }

    @Test
    void showsHttpsWithoutAConnection() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out").to(uri("out", "requesting", "&protocol=https"));
            }
        });
        camel.start();

        assertThat(text().lines().skip(1))
                .singleElement()
                .asString()
                .matches("requesting +\\S+ +https +- +- +- +- +0 +0 +0");
        assertThat(json().get(0).get("state").isNull()).isTrue();
    }

    @Test
    void showsNothingWithoutAConnection() throws Exception {
        camel.start();

        assertThat(text()).startsWith("CLIENT-ID").hasLineCount(1);
        assertThat(json()).isEmpty();
    }

    private void startRoutes() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("a/#", "hearing", "&qos=0&awaitConnection=never")).to("mock:a");
                from(uri("b/#", "hearing", "&qos=1&awaitConnection=never")).to("mock:b");
                from("direct:out").to(uri("out", "refused", "&outbox=memory"));
            }
        });
        camel.start();
    }

    private String text() {
        console.setCamelContext(camel);
        return (String) console.call(MediaType.TEXT, Map.of());
    }

    private JsonNode json() throws IOException {
        console.setCamelContext(camel);
        return new ObjectMapper()
                .readTree(((JsonObject) console.call(MediaType.JSON, Map.of())).toJson())
                .get("connections");
    }
}
