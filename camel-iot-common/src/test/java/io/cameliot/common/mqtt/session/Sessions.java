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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.MqttConnectRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Short forms of the calls that tests need. */
final class Sessions {

    private Sessions() {}

    static MqttConnectRequest request(Duration keepAlive, Duration timeout) {
        return new MqttConnectRequest("dev", null, MqttConnectRequest.Session.v311(true), keepAlive, null, timeout);
    }

    static ApplicationMessage message(String topic, byte[] payload, int qos, boolean retained) {
        return new ApplicationMessage(topic, payload, qos, retained, MessageProperties.NONE);
    }

    static CompletableFuture<Void> publish(MqttSession session, String topic, byte[] payload, int qos) {
        return publish(session, message(topic, payload, qos, false), false);
    }

    static CompletableFuture<Void> publish(MqttSession session, ApplicationMessage message, boolean duplicate) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            session.publish(message, duplicate, failure -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        } catch (IllegalArgumentException e) {
            done.completeExceptionally(e);
        }
        return done;
    }
}
