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
package io.cameliot.awsiot.failure;

import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.awsiot.auth.X509Identity;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.WebSocketRefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** Adds to a failed connection attempt what AWS IoT Core means by it and what the user can do. */
public final class ConnectHints {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /**
     * A larger clock skew probably explains a refused signature. AWS accepts signatures for five minutes, and some
     * services for fifteen.
     */
    private static final Duration LIKELY_SKEW = Duration.ofMinutes(4);

    private ConnectHints() {}

    public static Throwable add(Throwable failure, ConnectionSettings settings, String clientId) {
        if (failure instanceof WebSocketRefusedException refused) {
            return new TlsConnectException(
                    refused.getReason(), refused.getMessage() + upgradeHint(refused, settings, clientId), refused);
        }
        if (failure instanceof TlsConnectException tls && tls.getReason() == Reason.CLOSED_BY_SERVER) {
            return new TlsConnectException(
                    Reason.CLOSED_BY_SERVER, tls.getMessage() + closeHint(settings, clientId), tls);
        }
        if (failure instanceof MqttConnackException connack && MqttReasonCode.isFailure(connack.getReasonCode())) {
            return new MqttConnackException(
                    connack.getReasonCode(),
                    AwsReasons.with(connack.getMessage(), AwsReasons.connect(connack.getReasonCode(), clientId)));
        }
        if (failure instanceof MqttConnackException connack && connack.getReasonCode() > 3) {
            return new MqttConnackException(
                    connack.getReasonCode(),
                    connack.getMessage() + ": check the credentials, and that the AWS IoT policy allows iot:Connect for"
                            + " client id " + clientId);
        }
        return failure;
    }

    /** Returns the failure with advice for the reason code of the server's DISCONNECT. */
    public static MqttReasonException disconnected(MqttReasonException failure, String clientId) {
        return new MqttReasonException(
                failure.getReasonCode(),
                AwsReasons.with(failure.getMessage(), AwsReasons.disconnect(failure.getReasonCode(), clientId)));
    }

    /** Returns the probable reasons why the server closes one connection after the other. */
    public static IOException takeover(Throwable lastClose, Duration within, String clientId) {
        return new IOException(
                lastClose.getMessage() + ", for the third time within "
                        + within.toSeconds() + " s: either another client connects with client id " + clientId
                        + " (AWS IoT Core keeps the newest connection only: give each client an id of its own), or the AWS"
                        + " IoT policy does not allow what was just published or subscribed to",
                lastClose);
    }

    /** Returns the failure with the probable reason why the server closed the connection that asked for the filter. */
    public static TlsConnectException notGranted(
            TlsConnectException failure, ConnectionSettings settings, String filter) {
        boolean silent = failure.getReason() == Reason.CLOSED_BY_SERVER
                && settings.session().version() != ProtocolVersion.V5;
        return silent
                ? new TlsConnectException(
                        Reason.CLOSED_BY_SERVER,
                        failure.getMessage() + ". By MQTT 3.1.1 AWS IoT Core does so when the AWS IoT policy does not"
                                + " allow iot:Subscribe on topicfilter/" + filter,
                        failure)
                : failure;
    }

    private static String closeHint(ConnectionSettings settings, String clientId) {
        String policy = "the AWS IoT policy does not allow iot:Connect for client id " + clientId;
        return ". AWS IoT Core closes a connection before the CONNACK when "
                + (settings.identity() instanceof X509Identity
                        ? "it refused the client certificate (not registered, not active), or when " + policy
                        : policy + ", or when it refused the credentials")
                + (settings.session().version() == ProtocolVersion.V5
                        ? ". A server that does not know MQTT 5 closes it too: try option mqttVersion=3.1.1"
                        : "");
    }

    /** Returns a hint if the status concerns credentials. The message already explains other statuses. */
    private static String upgradeHint(WebSocketRefusedException refused, ConnectionSettings settings, String clientId) {
        if (refused.getStatus() != UNAUTHORIZED && refused.getStatus() != FORBIDDEN) {
            return "";
        }
        if (settings.identity() instanceof CustomIdentity custom) {
            return ": the " + custom + " refused: check options token, tokenSignature and authorizerName";
        }
        Duration skew = skew(refused);
        if (skew != null && skew.abs().compareTo(LIKELY_SKEW) > 0) {
            return ": this machine's clock is " + skew.abs().toSeconds() + " s "
                    + (skew.isNegative() ? "behind" : "ahead of")
                    + " the server's, and a signature is valid for minutes"
                    + " only: set the clock";
        }
        return ": check the AWS credentials and option region, and that their policy allows iot:Connect for client id "
                + clientId;
    }

    /** Returns how far this machine's clock is ahead of the server's; null if the response has no usable Date. */
    private static Duration skew(WebSocketRefusedException refused) {
        try {
            return refused.header("Date")
                    .map(date -> Duration.between(
                            DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from), Instant.now()))
                    .orElse(null);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
