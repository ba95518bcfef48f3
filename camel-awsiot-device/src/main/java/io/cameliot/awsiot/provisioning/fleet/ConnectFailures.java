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
package io.cameliot.awsiot.provisioning.fleet;

import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectProblem;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectionLost;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.util.Set;

/**
 * Decides whether another attempt can succeed after a connection failed or was lost. Only what the server has said
 * counts as a refusal, never a failure of the network: a certificate that is refused can be replaced.
 */
final class ConnectFailures {

    private static final Set<Integer> REFUSED = Set.of(
            MqttReasonCode.BAD_USER_NAME_OR_PASSWORD.code(),
            MqttReasonCode.CLIENT_IDENTIFIER_NOT_VALID.code(),
            MqttReasonCode.BANNED.code());

    private static final Set<Integer> PASSING = Set.of(
            MqttReasonCode.UNSPECIFIED_ERROR.code(),
            MqttReasonCode.SERVER_UNAVAILABLE.code(),
            MqttReasonCode.SERVER_BUSY.code(),
            MqttReasonCode.QUOTA_EXCEEDED.code(),
            MqttReasonCode.CONNECTION_RATE_EXCEEDED.code());

    private ConnectFailures() {}

    static ConnectFailed explain(Throwable failure) {
        return new ConnectFailed(problem(failure), FailureText.of(failure), failure);
    }

    static ConnectionLost lost(Throwable cause) {
        boolean notAuthorized = cause instanceof MqttReasonException reason
                && reason.getReasonCode() == MqttReasonCode.NOT_AUTHORIZED.code();
        return new ConnectionLost(notAuthorized, FailureText.of(cause), cause);
    }

    private static ConnectProblem problem(Throwable failure) {
        if (failure instanceof MqttConnackException refusal) {
            if (refusal.getReasonCode() == MqttReasonCode.NOT_AUTHORIZED.code()) {
                return ConnectProblem.NOT_AUTHORIZED;
            } else if (REFUSED.contains(refusal.getReasonCode())) {
                return ConnectProblem.REFUSED;
            }
            return PASSING.contains(refusal.getReasonCode()) ? ConnectProblem.TRANSIENT : ConnectProblem.PERMANENT;
        }
        TlsConnectException connect = TlsConnectException.find(failure);
        if (connect != null) {
            return problem(connect.getReason());
        }
        // Runtime exceptions and errors come from unusable options and files.
        return failure instanceof RuntimeException || failure instanceof Error
                ? ConnectProblem.PERMANENT
                : ConnectProblem.TRANSIENT;
    }

    private static ConnectProblem problem(Reason reason) {
        return switch (reason) {
            case CLIENT_REFUSED -> ConnectProblem.REFUSED;
            case CLOSED_BY_SERVER -> ConnectProblem.CLOSED;
            default -> reason.isPassing() ? ConnectProblem.TRANSIENT : ConnectProblem.PERMANENT;
        };
    }
}
