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
import java.io.IOException;

/**
 * The server answered the CONNECT with a refusal (MQTT 3.1.1 section 3.2.2.3).
 */
public class MqttConnackException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int returnCode;

    public MqttConnackException(int returnCode, String message) {
        super(ForeignText.escaped(message));
        this.returnCode = returnCode;
    }

    /** The CONNACK's return code, 1 to 255. */
    public int getReturnCode() {
        return returnCode;
    }

    static String meaning(int returnCode) {
        return switch (returnCode) {
            case 1 -> "unacceptable protocol version";
            case 2 -> "client identifier rejected";
            case 3 -> "server unavailable";
            case 4 -> "bad user name or password";
            case 5 -> "not authorized";
            default -> "unknown reason";
        };
    }
}
