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
package io.cameliot.awsiot.monitor;

import io.cameliot.awsiot.receive.SubscriptionStatus;
import io.cameliot.common.text.ForeignText;
import io.cameliot.common.text.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.TimeUtils;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * The developer console {@code awsiot-device}: the connections of the Camel context with their subscriptions.
 *
 * @see <a href="https://camel.apache.org/manual/camel-console.html">Camel Console</a>
 */
@DevConsole(
        name = AwsIotDeviceConsole.ID,
        displayName = AwsIotDeviceConsole.DISPLAY_NAME,
        description = AwsIotDeviceConsole.DESCRIPTION)
public class AwsIotDeviceConsole extends AbstractDevConsole {

    static final String ID = "awsiot-device";
    static final String DISPLAY_NAME = "AWS IoT Device";
    static final String DESCRIPTION = "Connections with AWS IoT Core, their messages and subscriptions";

    public AwsIotDeviceConsole() {
        super("camel", ID, DISPLAY_NAME, DESCRIPTION);
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        TextTable table = new TextTable();
        table.add(
                "CLIENT-ID",
                "ENDPOINT",
                "PROTOCOL",
                "MQTT",
                "STATE",
                "SINCE",
                "ATTEMPTS",
                "IN-FLIGHT",
                "WAITING",
                "OUTBOX");
        for (ConnectionFigures connection : connections()) {
            table.add(
                    connection.getClientId(),
                    connection.getEndpoint() + ":" + connection.getPort(),
                    connection.getProtocol(),
                    connection.getMqttVersion(),
                    connection.getConnectionState(),
                    age(connection.getConnectionStateSince()),
                    connection.getConnectAttempts(),
                    connection.getInFlight(),
                    connection.getWaiting(),
                    connection.getOutboxDepth());
            for (SubscriptionStatus subscription : connection.subscriptions()) {
                table.add("  subscription: " + subscription.topicFilter() + " (QoS " + subscription.qos()
                        + (subscription.refused() ? ", refused)" : ")"));
            }
            if (connection.getLastError() != null) {
                table.add("  last error: " + connection.getLastError());
            }
        }
        return table.toString();
    }

    private static String age(String since) {
        return since == null
                ? null
                : TimeUtils.printDuration(
                        Duration.between(Instant.parse(since), Instant.now()).toMillis());
    }

    @Override
    protected JsonObject doCallJson(Map<String, Object> options) {
        JsonArray connections = new JsonArray();
        connections().forEach(connection -> connections.add(json(connection)));
        JsonObject root = new JsonObject();
        root.put("connections", connections);
        return root;
    }

    private static JsonObject json(ConnectionFigures connection) {
        JsonArray subscriptions = new JsonArray();
        connection.subscriptions().forEach(subscription -> subscriptions.add(json(subscription)));
        JsonObject json = new JsonObject();
        json.put("clientId", ForeignText.escaped(connection.getClientId()));
        json.put("endpoint", connection.getEndpoint());
        json.put("port", connection.getPort());
        json.put("protocol", connection.getProtocol());
        json.put("mqttVersion", connection.getMqttVersion());
        json.put("state", connection.getConnectionState());
        json.put("since", connection.getConnectionStateSince());
        json.put("attempts", connection.getConnectAttempts());
        json.put("reconnects", connection.getReconnects());
        json.put("lastError", ForeignText.escaped(connection.getLastError()));
        json.put("inFlight", connection.getInFlight());
        json.put("waiting", connection.getWaiting());
        json.put("outboxDepth", connection.getOutboxDepth());
        json.put("outboxWaiting", connection.getOutboxWaiting());
        json.put("subscriptions", subscriptions);
        return json;
    }

    private static JsonObject json(SubscriptionStatus subscription) {
        JsonObject json = new JsonObject();
        json.put("topicFilter", ForeignText.escaped(subscription.topicFilter()));
        json.put("qos", subscription.qos());
        json.put("refused", subscription.refused());
        return json;
    }

    private List<ConnectionFigures> connections() {
        return getCamelContext().hasServices(ConnectionFigures.class).stream()
                .sorted(Comparator.comparing((ConnectionFigures connection) -> String.valueOf(connection.getClientId()))
                        .thenComparing(ConnectionFigures::getEndpoint)
                        .thenComparing(ConnectionFigures::getProtocol))
                .toList();
    }
}
