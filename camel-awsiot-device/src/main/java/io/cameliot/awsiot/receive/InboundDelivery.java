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
package io.cameliot.awsiot.receive;

import io.cameliot.common.mqtt.session.InboundMessage;
import java.util.concurrent.atomic.AtomicInteger;

/** A message delivered to one or more handlers. It is acknowledged when the last of them is done. */
public final class InboundDelivery {

    private final InboundMessage message;
    private final AtomicInteger open;
    private volatile boolean taken;

    InboundDelivery(InboundMessage message, int handlers) {
        this.message = message;
        this.open = new AtomicInteger(handlers);
    }

    /** Creates the delivery of a message to one handler. */
    public static InboundDelivery of(InboundMessage message) {
        return new InboundDelivery(message, 1);
    }

    /** Adds a handler. One of the others must not be done yet. */
    void addHandler() {
        open.incrementAndGet();
    }

    public InboundMessage message() {
        return message;
    }

    /**
     * Each handler calls this once. The last call sends the PUBACK.
     *
     * @param moreFollow as for {@link InboundMessage#acknowledge(boolean)}
     */
    public void done(boolean moreFollow) {
        taken = true;
        if (open.decrementAndGet() == 0) {
            message.acknowledge(moreFollow);
        }
    }

    /**
     * A handler calls this in place of {@link #done} if it was removed before the message reached it. The other
     * handlers then decide. If there are none, the message stays unacknowledged, and the server sends it again to the
     * next subscriber.
     */
    public void withdrawn() {
        if (open.decrementAndGet() == 0 && taken) {
            message.acknowledge();
        }
    }
}
