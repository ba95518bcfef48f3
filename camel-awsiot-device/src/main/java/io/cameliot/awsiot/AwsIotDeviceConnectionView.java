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

import io.cameliot.awsiot.link.ConnectionCounters;
import io.cameliot.awsiot.link.ConnectionStatus;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.awsiot.link.GrantedSession;
import io.cameliot.awsiot.monitor.ConnectionFigures;
import io.cameliot.awsiot.outbox.OutboxStatus;
import io.cameliot.awsiot.receive.SubscriptionStatus;
import io.cameliot.awsiot.route.RouteStart;
import io.cameliot.common.text.FailureText;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.support.service.ServiceSupport;

/** The JMX view of the connection of one identity. All endpoints of that identity share the connection. */
@ManagedResource(description = "Connection of one device identity with AWS IoT Core")
public class AwsIotDeviceConnectionView extends ServiceSupport implements ConnectionFigures {

    private final DeviceLink link;
    private final Supplier<OutboxStatus> outbox;

    AwsIotDeviceConnectionView(DeviceLink link, Supplier<OutboxStatus> outbox) {
        this.link = link;
        this.outbox = outbox;
    }

    @Override
    @ManagedAttribute(description = "Host name of the device gateway")
    public String getEndpoint() {
        return link.settings().endpoint();
    }

    @Override
    @ManagedAttribute(description = "TCP port of the device gateway")
    public int getPort() {
        return link.settings().address().port();
    }

    @Override
    @ManagedAttribute(description = "Protocol: mqtt, wss or https")
    public String getProtocol() {
        return link.settings().protocol().name();
    }

    @Override
    @ManagedAttribute(description = "MQTT client identifier in use")
    public String getClientId() {
        String granted = granted(GrantedSession::clientId);
        if (granted != null) {
            return granted;
        }
        return link instanceof DeviceConnection connection
                ? connection.clientId()
                : link.settings().clientId();
    }

    @Override
    @ManagedAttribute(description = "Version of MQTT: 5 or 3.1.1; null for HTTPS")
    public String getMqttVersion() {
        return link instanceof DeviceConnection
                ? link.settings().session().version().toString()
                : null;
    }

    @ManagedAttribute(
            description = "Seconds for which the server keeps the session after the connection has ended, as it has"
                    + " granted; null without a connection and by MQTT 3.1.1")
    public Long getSessionExpiry() {
        return granted(session -> seconds(session.sessionExpiry()));
    }

    @ManagedAttribute(
            description =
                    "Whether the server had kept the session from an earlier connection; null without a connection")
    public Boolean getSessionPresent() {
        return granted(GrantedSession::sessionPresent);
    }

    @ManagedAttribute(
            description = "Messages that the server lets wait for their PUBACK; null without a connection and by MQTT"
                    + " 3.1.1")
    public Integer getReceiveMaximum() {
        return granted(GrantedSession::receiveMaximum);
    }

    @ManagedAttribute(
            description = "Keep alive interval in seconds: the server's, where it has set one; null for HTTPS")
    public Long getKeepAlive() {
        Long granted = granted(session -> seconds(session.keepAlive()));
        if (granted != null) {
            return granted;
        }
        return link instanceof DeviceConnection
                ? seconds(link.settings().session().keepAlive())
                : null;
    }

    @Override
    @ManagedAttribute(
            description = "IDLE, CONNECTING, CONNECTED, WAITING (for the next attempt) or CLOSED; null for"
                    + " HTTPS, which keeps no connection")
    public String getConnectionState() {
        return status(status -> status.state().name());
    }

    @Override
    @ManagedAttribute(description = "Since when the connection has been in its state, in ISO 8601")
    public String getConnectionStateSince() {
        return status(status -> status.since().toString());
    }

    @Override
    @ManagedAttribute(description = "Number of attempts since it was last connected")
    public Integer getConnectAttempts() {
        return status(ConnectionStatus::attempt);
    }

    @Override
    @ManagedAttribute(description = "Why the last attempt or connection ended")
    public String getLastError() {
        return status(status -> status.lastError() == null ? null : FailureText.of(status.lastError()));
    }

    @Override
    @ManagedAttribute(description = "Connections made after the first one")
    public long getReconnects() {
        return counters().reconnects().sum();
    }

    @ManagedAttribute(description = "Messages handed over for publishing")
    public long getPublished() {
        return counters().publish().handedOver();
    }

    @ManagedAttribute(description = "Messages that the server acknowledged; at QoS 0, that were sent")
    public long getAcknowledged() {
        return counters().publish().done();
    }

    @ManagedAttribute(description = "Messages sent once more, because a connection ended before their PUBACK")
    public long getResent() {
        return counters().publish().resent().sum();
    }

    @ManagedAttribute(description = "Messages whose publishing failed")
    public long getFailed() {
        return counters().publish().failed().sum();
    }

    @Override
    @ManagedAttribute(description = "Messages that were sent and wait for their PUBACK")
    public int getInFlight() {
        return queued(DeviceConnection::inFlight);
    }

    @Override
    @ManagedAttribute(description = "Messages that wait for a connection or for room among those in flight")
    public int getWaiting() {
        return queued(DeviceConnection::waiting);
    }

    @ManagedAttribute(description = "Messages that arrived")
    public long getReceived() {
        return counters().receive().received().sum();
    }

    @ManagedAttribute(description = "Messages given to a route once more, because it had failed")
    public long getRedelivered() {
        return counters().receive().redelivered().sum();
    }

    @ManagedAttribute(
            description = "Messages that arrived and were dropped: at QoS 0 behind a slow route, of topics that no"
                    + " route subscribes to, or as answers that no request waits for")
    public long getDropped() {
        return counters().receive().dropped().sum();
    }

    @Override
    @ManagedAttribute(description = "Messages that the outbox keeps, those set aside included")
    public int getOutboxDepth() {
        return outbox.get().depth();
    }

    @Override
    @ManagedAttribute(description = "Messages that wait for room in the outbox")
    public int getOutboxWaiting() {
        return outbox.get().waiting();
    }

    @ManagedAttribute(description = "Messages that the outbox has accepted")
    public long getOutboxAccepted() {
        return outbox.get().accepted();
    }

    @ManagedAttribute(description = "Messages of the outbox that the server acknowledged")
    public long getOutboxForwarded() {
        return outbox.get().forwarded();
    }

    @ManagedAttribute(description = "Messages that the outbox dropped to make room (outboxOverflow=dropOldest)")
    public long getOutboxDropped() {
        return outbox.get().dropped();
    }

    @ManagedAttribute(description = "Messages that the outbox dropped because their message expiry was over")
    public long getOutboxExpired() {
        return outbox.get().expired();
    }

    @ManagedAttribute(
            description = "Messages that the outbox has set aside, because the server refused them, because the"
                    + " connection ended with each of them again and again, or because they cannot be read")
    public long getOutboxSetAside() {
        return outbox.get().setAside();
    }

    @ManagedOperation(
            description =
                    "Replaces the connection, with the present certificates, keys and credentials. No message is lost."
                            + " Returns when the new connection is established; fails with the reason, and keeps the present"
                            + " connection if a file is unusable")
    public void reconnect() throws Exception {
        RouteStart.awaitReconnected(link);
    }

    @Override
    public List<SubscriptionStatus> subscriptions() {
        return link instanceof DeviceConnection connection ? connection.subscriptions() : List.of();
    }

    private ConnectionCounters counters() {
        return link.counters();
    }

    private <T> T status(Function<ConnectionStatus, T> reader) {
        return link instanceof DeviceConnection connection ? reader.apply(connection.status()) : null;
    }

    private <T> T granted(Function<GrantedSession, T> reader) {
        GrantedSession granted = link instanceof DeviceConnection connection ? connection.granted() : null;
        return granted == null ? null : reader.apply(granted);
    }

    private static Long seconds(Duration duration) {
        return duration == null ? null : duration.toSeconds();
    }

    private int queued(ToIntFunction<DeviceConnection> reader) {
        return link instanceof DeviceConnection connection ? reader.applyAsInt(connection) : 0;
    }
}
