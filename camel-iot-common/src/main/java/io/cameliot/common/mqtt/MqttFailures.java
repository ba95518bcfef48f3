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
package io.cameliot.common.mqtt;

import io.cameliot.common.tls.TlsConnectException;
import io.cameliot.common.tls.TlsConnectException.Reason;
import io.cameliot.common.tls.TlsFailures;
import io.cameliot.common.tls.TlsTarget;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.eclipse.paho.client.mqttv3.MqttException;

/** Puts Paho's exceptions into words that name the server and what to check. */
final class MqttFailures {

    private final TlsTarget target;

    MqttFailures(TlsTarget target) {
        this.target = target;
    }

    IOException explain(Throwable failure) {
        if (failure instanceof MqttException mqtt) {
            int code = mqtt.getReasonCode();
            if (code > 0 && code < 256 && mqtt.getCause() == null) {
                return connack(code);
            }
            if (code == MqttException.REASON_CODE_CLIENT_TIMEOUT) {
                return new TlsConnectException(
                        Reason.CONNECTION_LOST, target + " answered no PINGREQ within the keep alive interval", mqtt);
            }
            if (mqtt.getCause() == null) {
                return new TlsConnectException(
                        Reason.CONNECTION_LOST, "The connection to " + target + " ended: " + mqtt.getMessage(), mqtt);
            }
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof EOFException) {
            return new TlsConnectException(
                    Reason.CONNECTION_LOST, target + " closed the connection without saying why", cause);
        }
        return TlsFailures.explain(cause, target);
    }

    TlsConnectException timeout(String packet, Duration timeout) {
        return new TlsConnectException(
                Reason.TIMEOUT, "No " + packet + " from " + target + " within " + timeout.toMillis() + " ms", null);
    }

    private MqttConnackException connack(int code) {
        return new MqttConnackException(
                code,
                target + " refused the CONNECT with return code " + code + " (" + MqttConnackException.meaning(code)
                        + ")");
    }
}
