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

import io.cameliot.awsiot.link.ConnectionStatus;
import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.GrantedSession;
import io.cameliot.awsiot.link.machine.ConnectionState;
import io.cameliot.common.text.FailureText;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Reports DOWN while there is no connection, or while the server refuses the consumer's topic filter. */
final class ConnectionHealthCheck extends AbstractHealthCheck {

    private final Supplier<DeviceConnection> connection;
    private final Supplier<Throwable> refusal;

    /**
     * Creates a health check.
     *
     * @param id the id, such as {@code consumer:awsiot-device-route1}
     * @param connection returns null while there is none
     * @param refusal returns why the server refuses the subscription, null if it does not
     */
    ConnectionHealthCheck(String id, Supplier<DeviceConnection> connection, Supplier<Throwable> refusal) {
        super("camel", id);
        this.connection = connection;
        this.refusal = refusal;
    }

    private static void addGranted(HealthCheckResultBuilder builder, DeviceConnection connection) {
        GrantedSession granted = connection.granted();
        if (granted != null) {
            builder.detail("mqtt.version", granted.mqttVersion());
            Duration keepAlive = granted.keepAlive() != null
                    ? granted.keepAlive()
                    : connection.settings().session().keepAlive();
            builder.detail("keep.alive", keepAlive.toSeconds());
            if (granted.sessionExpiry() != null) {
                builder.detail("session.expiry", granted.sessionExpiry().toSeconds());
                builder.detail("receive.maximum", granted.receiveMaximum());
            }
        }
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        DeviceConnection current = connection.get();
        if (current == null) {
            builder.down().message("Not started");
            return;
        }
        ConnectionStatus status = current.status();
        builder.detail("endpoint", current.settings().endpoint());
        builder.detail("client.id", current.clientId());
        builder.detail("state", status.state().name());
        builder.detail("since", status.since().toString());
        builder.detail("attempt", status.attempt());
        builder.detail("reconnects", current.counters().reconnects().sum());
        addGranted(builder, current);
        if (status.lastError() != null) {
            builder.detail("last.error", FailureText.of(status.lastError()));
        }
        Throwable failure = status.state() == ConnectionState.CONNECTED ? refusal.get() : status.lastError();
        if (failure != null) {
            builder.down().message(FailureText.of(failure)).error(failure);
        } else if (status.state() == ConnectionState.CONNECTED) {
            builder.up();
        } else {
            builder.down().message("Not connected with " + current.settings());
        }
    }
}
