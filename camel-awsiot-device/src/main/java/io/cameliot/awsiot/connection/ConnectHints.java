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
package io.cameliot.awsiot.connection;

import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.tls.TlsConnectException;
import io.cameliot.common.tls.TlsConnectException.Reason;

/** Says what AWS IoT Core means by the ways in which it ends a connection attempt. */
final class ConnectHints {

    private ConnectHints() {}

    static Throwable add(Throwable failure, String clientId) {
        if (failure instanceof TlsConnectException tls && tls.getReason() == Reason.CONNECTION_LOST) {
            // Over TLS 1.3 the alert of a refused certificate can be lost behind the close.
            return new TlsConnectException(
                    Reason.CONNECTION_LOST,
                    tls.getMessage()
                            + ". AWS IoT Core closes a connection before the CONNACK when it refused the client"
                            + " certificate (not registered, not active) or when the AWS IoT policy does not allow"
                            + " iot:Connect for client id " + clientId,
                    tls);
        }
        if (failure instanceof MqttConnackException connack && connack.getReturnCode() > 3) {
            return new MqttConnackException(
                    connack.getReturnCode(),
                    connack.getMessage() + ": check the credentials, and that the AWS IoT policy allows iot:Connect for"
                            + " client id " + clientId);
        }
        return failure;
    }
}
