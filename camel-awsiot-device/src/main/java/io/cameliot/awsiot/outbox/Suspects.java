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
 * The messages of an outbox that may be the reason why connections end. By MQTT 3.1.1 AWS IoT Core closes the connection when a
 * policy does not allow a publish, without a word of which one. So when connections end one after the other and nothing is
 * acknowledged, messages are to go out one at a time, and one with which alone the connection ended time and again is to be
 * set aside.
 *
 * <p>Not thread-safe: belongs to the forwarder.
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
     * @param outbox its name, the beginning of a sentence
     */
    Suspects(String outbox) {
        this.outbox = outbox;
    }

    /** Whether a message of this topic was set aside and none was acknowledged since: it is to go out alone. */
    boolean isSuspect(String topic) {
        return topics.contains(topic);
    }

    /** Whether messages are to go out one at a time, so that it shows which one ends the connection. */
    boolean areSought() {
        return losses >= LOSSES_BEFORE_ONE_AT_A_TIME;
    }

    /** The server has taken a message. */
    void acknowledged(String topic) {
        answered();
        topics.remove(topic);
    }

    /** The server has said something of a message: the connection does not end for want of a word. */
    void answered() {
        losses = 0;
        aloneLosses = 0;
    }

    /**
     * A connection ended with messages on their way.
     *
     * @param first number of the oldest of them
     * @param alone whether it was the only one
     * @return whether it is to be set aside
     */
    boolean lost(long first, String topic, boolean alone) {
        losses++;
        aloneLosses = !alone ? 0 : first == aloneNumber ? aloneLosses + 1 : 1;
        aloneNumber = first;
        return aloneLosses >= (isSuspect(topic) ? 1 : LOSSES_BEFORE_SETTING_ASIDE);
    }

    /** The message is set aside. */
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
