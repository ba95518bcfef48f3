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
package io.cameliot.awsiot.settings;

import io.cameliot.common.camel.OptionAdvice;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.TlsTarget;

/** Advice on failed connections to the device gateway. Its host is option {@code endpoint}. */
final class EndpointAdvice extends OptionAdvice {

    static final EndpointAdvice INSTANCE = new EndpointAdvice();

    private EndpointAdvice() {
        super("endpoint", "port");
    }

    @Override
    public String on(ConnectFault fault, TlsTarget target) {
        return fault == ConnectFault.NO_MQTT_5 ? ": set option mqttVersion to 3.1.1" : super.on(fault, target);
    }
}
