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

/**
 * The server refused a message in its PUBACK (MQTT 5 section 3.4.2.1), or the message was not sent because the server's
 * CONNACK forbids it. The connection stays open.
 */
public class PublishRefusedException extends MqttReasonException {

    private static final long serialVersionUID = 1L;

    public PublishRefusedException(int reasonCode, String message) {
        super(reasonCode, message);
    }
}
