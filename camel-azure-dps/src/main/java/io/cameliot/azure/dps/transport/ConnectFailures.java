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
package io.cameliot.azure.dps.transport;

import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectFailed;
import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectProblem;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.transport.TlsConnectException;
import java.util.Set;

/** Decides whether a connect failure is transient, a refused credential, or permanent. */
final class ConnectFailures {

    private static final int SERVER_UNAVAILABLE = 3;
    private static final Set<Integer> CREDENTIAL_REFUSED = Set.of(4, 5);

    private ConnectFailures() {}

    static ConnectFailed explain(Throwable failure) {
        return new ConnectFailed(problem(failure), FailureText.of(failure), failure);
    }

    private static ConnectProblem problem(Throwable failure) {
        if (failure instanceof MqttConnackException refusal) {
            if (CREDENTIAL_REFUSED.contains(refusal.getReasonCode())) {
                return ConnectProblem.CREDENTIAL_REFUSED;
            }
            return refusal.getReasonCode() == SERVER_UNAVAILABLE ? ConnectProblem.TRANSIENT : ConnectProblem.PERMANENT;
        }
        TlsConnectException connect = TlsConnectException.find(failure);
        if (connect != null) {
            return connect.getReason().isPassing() ? ConnectProblem.TRANSIENT : ConnectProblem.PERMANENT;
        }
        // Runtime exceptions and errors come from unusable options: a missing file, an expired token, a provider that
        // lacks a class.
        return failure instanceof RuntimeException || failure instanceof Error
                ? ConnectProblem.PERMANENT
                : ConnectProblem.TRANSIENT;
    }
}
