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
package io.cameliot.testinfra.event;

import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** What happened since a moment, as text for the report of a test. */
public final class EventReport {
    private static final int MOST_REFUSALS = 20;
    private static final int MOST_MESSAGES = 20;
    private static final int PAYLOAD_CHARACTERS = 200;

    private final EventLog log;
    private final long refusalsBefore;
    private final long messagesBefore;

    private EventReport(EventLog log) {
        this.log = log;
        refusalsBefore = log.refusals().last();
        messagesBefore = log.messages().last();
    }

    /**
     * Begins a report with what happens from now on.
     *
     * @param log the log of the emulator
     * @return a report that {@link #text} writes
     */
    public static EventReport since(EventLog log) {
        return new EventReport(log);
    }

    /**
     * Writes the latest refusals and messages since the beginning of the report.
     *
     * @param emulator the emulator's name
     * @return several lines, also if nothing happened
     */
    public String text(String emulator) {
        StringBuilder text = new StringBuilder();
        List<EventRing.Entry<Refused>> refusals = log.refusals().after(refusalsBefore);
        List<EventRing.Entry<Published>> messages = log.messages().after(messagesBefore);
        text.append(emulator).append(heading(refusals.size(), MOST_REFUSALS, "refusal"));
        latest(refusals, MOST_REFUSALS).forEach(entry -> append(text, entry));
        text.append(emulator).append(heading(messages.size(), MOST_MESSAGES, "message"));
        latest(messages, MOST_MESSAGES).forEach(entry -> text.append("  ")
                .append(time(entry))
                .append(' ')
                .append(line(entry.event()))
                .append('\n'));
        return text.toString();
    }

    private static String heading(int all, int most, String what) {
        return ": " + all + " " + what + (all == 1 ? "" : "s") + " during this test"
                + (all > most ? ", the latest " + most + ":" : all == 0 ? "" : ":") + "\n";
    }

    private static <E> List<EventRing.Entry<E>> latest(List<EventRing.Entry<E>> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    private static void append(StringBuilder text, EventRing.Entry<Refused> entry) {
        Refused refused = entry.event();
        text.append("  ")
                .append(time(entry))
                .append(' ')
                .append(
                        refused.client().id().isEmpty()
                                ? "a client"
                                : "client " + refused.client().id())
                .append(
                        refused.client().address().isEmpty()
                                ? ""
                                : " at " + refused.client().address())
                .append(": ")
                .append(refused.detail().get())
                .append("\n    rule: ")
                .append(refused.rule().meaning())
                .append("\n    answer: ")
                .append(refused.answer())
                .append("\n    source: ")
                .append(refused.rule().source())
                .append('\n');
    }

    private static String line(Published message) {
        return message.from().kind().name().toLowerCase(Locale.ROOT)
                + (message.from().clientId().isEmpty()
                        ? ""
                        : " " + message.from().clientId())
                + " ─► " + message.topic() + " (QoS " + message.qos() + (message.retained() ? ", retained" : "") + ", "
                + message.payloadBytes() + " bytes) " + PayloadText.of(message.payload(), PAYLOAD_CHARACTERS);
    }

    private static String time(EventRing.Entry<?> entry) {
        return DateTimeFormatter.ISO_INSTANT.format(entry.at().truncatedTo(ChronoUnit.MILLIS));
    }
}
