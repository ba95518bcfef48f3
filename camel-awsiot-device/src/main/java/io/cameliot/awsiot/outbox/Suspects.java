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
package io.cameliot.awsiot.outbox;

import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of an outbox that may cause the end of connections. With MQTT 3.1.1, AWS IoT Core closes the connection
 * when a policy does not allow a publish, and does not say which one. So when several connections end in a row without
 * an acknowledgement, messages must be sent one at a time. A message is set aside when connections repeatedly end while
 * it alone is in flight.
 *
 * <p>Not thread-safe: confined to the forwarder.
 */
final class Suspects {

    private static final Logger LOG = LoggerFactory.getLogger(Suspects.class);

    private static final int LOSSES_BEFORE_ONE_AT_A_TIME = 3;
    private static final int LOSSES_BEFORE_SETTING_ASIDE = 5;

    private final String outbox;
    private final Set<String> topics = new HashSet<>();
    private int losses;
    private long aloneNumber;
    private int aloneLosses;

    /**
     * @param outbox name of the outbox, as the beginning of a sentence
     */
    Suspects(String outbox) {
        this.outbox = outbox;
    }

    /**
     * Returns whether a message of this topic must be sent alone: one was set aside and none was acknowledged since.
     */
    boolean isSuspect(String topic) {
        return topics.contains(topic);
    }

    /** Returns whether messages must be sent one at a time, to find the one that ends the connection. */
    boolean areSought() {
        return losses >= LOSSES_BEFORE_ONE_AT_A_TIME;
    }

    /** Records that the server has acknowledged a message of this topic. */
    void acknowledged(String topic) {
        answered();
        topics.remove(topic);
    }

    /** Records that the server has responded to a message, so that it does not end connections without a response. */
    void answered() {
        losses = 0;
        aloneLosses = 0;
    }

    /**
     * Records that a connection ended with messages in flight.
     *
     * @param first number of the oldest of them
     * @param topic topic of the oldest of them
     * @param alone whether it was the only one
     * @return whether it must be set aside
     */
    boolean lost(long first, String topic, boolean alone) {
        losses++;
        aloneLosses = !alone ? 0 : first == aloneNumber ? aloneLosses + 1 : 1;
        aloneNumber = first;
        return aloneLosses >= (isSuspect(topic) ? 1 : LOSSES_BEFORE_SETTING_ASIDE);
    }

    /** Records that a message is set aside, and logs why. */
    void setAside(long number, String topic, Throwable reason, Duration retry) {
        LOG.error(
                "{} sets aside message {} for topic '{}': the connection ended {} times in a row while it alone was on"
                        + " its way, at last because of: {}. Check that the AWS IoT policy allows iot:Publish on topic/{}, and"
                        + " iot:RetainPublish if it is retained. It is tried again in {} minutes.",
                outbox,
                number,
                ForeignText.shown(topic),
                aloneLosses,
                reason == null ? "no reason given" : reason.getMessage(),
                ForeignText.shown(topic),
                retry.toMinutes());
        topics.add(topic);
        aloneLosses = 0;
    }
}
