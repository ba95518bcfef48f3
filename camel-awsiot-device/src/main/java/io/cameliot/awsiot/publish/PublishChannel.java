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
package io.cameliot.awsiot.publish;

import io.cameliot.common.mqtt.ApplicationMessage;
import io.cameliot.common.mqtt.session.MqttSession;
import io.cameliot.common.mqtt.session.PublishCallback;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/** The publishing side of one {@link MqttSession}. The methods are specified there. */
interface PublishChannel {

    static PublishChannel of(MqttSession session) {
        return new OfSession(session);
    }

    void enqueue(ApplicationMessage message, boolean duplicate, PublishCallback callback);

    boolean tryEnqueue(ApplicationMessage message);

    void flush();

    /**
     * @throws RejectedExecutionException if the connection has ended
     */
    void schedule(Runnable task, Duration delay);

    /** Returns how many QoS 1 messages may wait for their PUBACK at the server. */
    int receiveMaximum();

    /** The channel of a real session. */
    record OfSession(MqttSession session) implements PublishChannel {

        @Override
        public void enqueue(ApplicationMessage message, boolean duplicate, PublishCallback callback) {
            session.enqueue(message, duplicate, callback);
        }

        @Override
        public boolean tryEnqueue(ApplicationMessage message) {
            return session.tryEnqueue(message);
        }

        @Override
        public void flush() {
            session.flush();
        }

        @Override
        public void schedule(Runnable task, Duration delay) {
            session.schedule(task, delay);
        }

        @Override
        public int receiveMaximum() {
            return session.server().receiveMaximum();
        }
    }
}
