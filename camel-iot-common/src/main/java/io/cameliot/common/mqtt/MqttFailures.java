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

import io.cameliot.common.text.ForeignText;
import io.cameliot.common.tls.TlsConnectException;
import io.cameliot.common.tls.TlsConnectException.Reason;
import io.cameliot.common.tls.TlsFailures;
import io.cameliot.common.tls.TlsTarget;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;

/** Puts what ends a session into words that name the server and what to check. */
final class MqttFailures {

    private final TlsTarget target;

    MqttFailures(TlsTarget target) {
        this.target = target;
    }

    /** What a socket threw, or what is explained already. */
    IOException explain(IOException failure) {
        if (failure instanceof MqttConnackException || failure instanceof TlsConnectException) {
            return failure;
        }
        if (failure instanceof MqttProtocolException) {
            return new TlsConnectException(
                    Reason.PROTOCOL_ERROR,
                    target + " sent what MQTT 3.1.1 does not allow: " + ForeignText.shown(failure.getMessage()),
                    failure);
        }
        if (failure instanceof EOFException) {
            return new TlsConnectException(
                    Reason.CONNECTION_LOST, target + " closed the connection without saying why", failure);
        }
        if (failure instanceof SocketException) {
            return new TlsConnectException(
                    Reason.CONNECTION_LOST,
                    "The connection to " + target + " broke: " + ForeignText.shown(failure.getMessage()),
                    failure);
        }
        return TlsFailures.explain(failure, target);
    }

    MqttConnackException refused(int returnCode) {
        return new MqttConnackException(
                returnCode,
                target + " refused the CONNECT with return code " + returnCode + " ("
                        + MqttConnackException.meaning(returnCode) + ")");
    }

    TlsConnectException timeout(String packet, Duration timeout) {
        return new TlsConnectException(
                Reason.TIMEOUT, "No " + packet + " from " + target + " within " + timeout.toMillis() + " ms", null);
    }

    TlsConnectException noPingresp(Duration patience) {
        return new TlsConnectException(
                Reason.KEEP_ALIVE_EXPIRED, target + " answered no PINGREQ within " + patience.toMillis() + " ms", null);
    }

    TlsConnectException closedHere() {
        return new TlsConnectException(
                Reason.CONNECTION_LOST, "The connection to " + target + " was closed on this side", null);
    }

    IOException noPacketId() {
        return new IOException("65535 messages wait for their PUBACK from " + target + ", and MQTT allows no more");
    }
}
