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

/** The MQTT versions that a session can speak. */
public enum ProtocolVersion {
    /** MQTT 3.1.1 (OASIS Standard, 2014). Its servers give no reason when they close a connection. */
    V3_1_1("3.1.1"),
    /** MQTT 5.0 (OASIS Standard, 2019). */
    V5("5");

    private final String text;

    ProtocolVersion(String text) {
        this.text = text;
    }

    /** The version as the option {@code mqttVersion} spells it. */
    @Override
    public String toString() {
        return text;
    }
}
