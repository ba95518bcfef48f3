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
package io.cameliot.testinfra.awsiot.session;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.broker.EmbeddedBroker;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.Counters;
import io.cameliot.testinfra.awsiot.gateway.DisconnectReason;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.journal.Journal;
import io.cameliot.testinfra.awsiot.service.DeviceServices;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.Refused;
import io.cameliot.testinfra.event.RemoteClient;
import io.cameliot.testinfra.event.Rule;
import io.cameliot.testinfra.net.FailedHandshakes;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect;
import java.util.function.Supplier;

/**
 * The services that the handlers of all connections share.
 *
 * @param settings the settings of the gateway
 * @param broker the broker behind the gateway
 * @param admission checks CONNECT packets
 * @param connections the MQTT connections
 * @param announcements what is published about connections
 * @param deviceServices answers the requests of devices
 * @param seen records what clients have sent
 */
public record GatewayServices(
        GatewaySettings settings,
        EmbeddedBroker broker,
        Admission admission,
        Connections connections,
        Announcements announcements,
        DeviceServices deviceServices,
        Seen seen) {
    private static final String NOT_DELIVERED = "the message was not delivered";

    /**
     * What the gateway publishes about connections.
     *
     * @param lifecycle publishes their lifecycle events
     * @param wills publishes the wills of those that are closed
     */
    public record Announcements(LifecycleEvents lifecycle, Wills wills) {}

    /**
     * Records of what clients have sent.
     *
     * @param journal the latest packets
     * @param counters their numbers
     */
    public record Seen(Journal journal, Counters counters) {}

    LifecycleEvents lifecycle() {
        return announcements.lifecycle();
    }

    Wills wills() {
        return announcements.wills();
    }

    Limits limits() {
        return settings.limits();
    }

    Mqtt5Settings mqtt5() {
        return settings.mqtt5();
    }

    public Faults faults() {
        return settings.faults();
    }

    public DevicePolicy policyOf(String clientId, Principal principal) {
        return settings.identities().policies().of(clientId, principal);
    }

    public EventLog events() {
        return settings.events();
    }

    /** Records that a client was refused something. */
    public void refused(Channel channel, String clientId, Rule rule, Supplier<String> answer, Supplier<String> detail) {
        events().refusals()
                .record(() -> new Refused(
                        Cloud.AWS_IOT,
                        rule,
                        new RemoteClient(clientId, FailedHandshakes.addressOf(channel)),
                        answer.get(),
                        detail));
    }

    void refused(GatewayConnection connection, Rule rule, String answer, Supplier<String> detail) {
        refused(connection.channel(), connection.clientId(), rule, () -> answer, detail);
    }

    /**
     * Whether a client gets a message: its policy and the rate of its connection allow it. Otherwise the message is
     * dropped and the connection stays open, which AWS documents for the rate only.
     */
    boolean mayDeliver(GatewayConnection connection, String topic) {
        DevicePolicy policy = policyOf(connection.clientId(), connection.principal());
        if (!policy.allows(Action.RECEIVE, topic)) {
            refused(connection, AwsIotRule.POLICY, NOT_DELIVERED, () -> policy.explain(Action.RECEIVE, topic));
            return false;
        }
        if (!connection.publishRate().permits()) {
            refused(connection, AwsIotRule.PUBLISH_RATE, NOT_DELIVERED, () -> "A message on " + topic);
            return false;
        }
        return true;
    }

    /** Ends a connection that breaks a rule, with a DISCONNECT to an MQTT 5 client. */
    void end(
            GatewayConnection connection,
            DisconnectReason reason,
            Disconnect code,
            Rule rule,
            Supplier<String> detail) {
        refused(connection, rule, connection.answerOf(code), detail);
        connection.end(reason, code);
    }

    void end(GatewayConnection connection, Disconnect code, Rule rule, Supplier<String> detail) {
        end(connection, DisconnectReason.CLIENT_ERROR, code, rule, detail);
    }

    /** Ends a connection that breaks a rule, without a DISCONNECT. */
    void hangUp(GatewayConnection connection, Rule rule, Supplier<String> detail) {
        refused(connection, rule, GatewayConnection.CLOSED, detail);
        connection.hangUp(DisconnectReason.CLIENT_ERROR);
    }

    public Journal journal() {
        return seen.journal();
    }

    public Counters counters() {
        return seen.counters();
    }
}
