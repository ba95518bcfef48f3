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
 * The server refused a packet or ended the connection and gave a reason code (MQTT 5 section 2.4), or a limit that the
 * server has set forbids sending the packet. If only a packet was refused, the connection stays open.
 */
public class MqttReasonException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int reasonCode;

    public MqttReasonException(int reasonCode, String message) {
        super(ForeignText.escaped(message));
        this.reasonCode = reasonCode;
    }

    /** The MQTT 5 reason code or the MQTT 3.1.1 return code of the CONNACK, 0 to 255. */
    public int getReasonCode() {
        return reasonCode;
    }
}
