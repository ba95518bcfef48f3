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

/** The server refused the CONNECT (MQTT 5 section 3.2.2.2, MQTT 3.1.1 section 3.2.2.3). */
public class MqttConnackException extends MqttReasonException {

    private static final long serialVersionUID = 1L;

    public MqttConnackException(int reasonCode, String message) {
        super(reasonCode, message);
    }

    /** Returns a code and its meaning for use in messages: a return code of MQTT 3.1.1 or a reason code of MQTT 5. */
    public static String text(int code) {
        String meaning =
                switch (code) {
                    case 1 -> "unacceptable protocol version";
                    case 2 -> "client identifier rejected";
                    case 3 -> "server unavailable";
                    case 4 -> "bad user name or password";
                    case 5 -> "not authorized";
                    default -> null;
                };
        if (meaning != null) {
            return "return code " + code + " (" + meaning + ")";
        }
        return MqttReasonCode.isFailure(code)
                ? "reason code " + MqttReasonCode.text(code)
                : "return code " + code + " (unknown reason)";
    }
}
