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
package io.cameliot.benchmarks.soak;

import io.cameliot.testinfra.fault.DeliveryLedger;
import java.util.List;
import java.util.Locale;

/**
 * The results of a soak.
 *
 * @param rows one for each pair of clients
 * @param memoryAtStart bytes of heap in use after a garbage collection, when all clients were connected
 * @param memoryAtEnd the same after all messages had arrived
 */
record SoakTable(List<Row> rows, long memoryAtStart, long memoryAtEnd) {

    private static final String LINE = "%-7s %8s %8s %7s %12s %8s %10s %5s %10s  %s%n";

    SoakTable withMemory(long start, long end) {
        return new SoakTable(rows, start, end);
    }

    boolean isGood() {
        return rows.stream().allMatch(Row::isGood);
    }

    String text(int faults) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                LINE,
                "outbox",
                "sent",
                "accepted",
                "failed",
                "acknowledged",
                "received",
                "duplicates",
                "lost",
                "reconnects",
                ""));
        for (Row row : rows) {
            DeliveryLedger ledger = row.ledger();
            text.append(String.format(
                    Locale.ROOT,
                    LINE,
                    row.name(),
                    ledger.sent(),
                    ledger.accepted(),
                    ledger.failed(),
                    row.acknowledged(),
                    ledger.received(),
                    ledger.duplicates(),
                    ledger.missing().cardinality(),
                    row.reconnects(),
                    row.verdict()));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%d faults; memory %.1f MB at start, %.1f MB at end%n",
                        faults,
                        memoryAtStart / 1e6,
                        memoryAtEnd / 1e6))
                .toString();
    }

    /**
     * The results of a pair.
     *
     * @param ledger the record of its messages
     * @param acknowledged number of received PUBACKs
     * @param reconnects of both clients
     * @param hears whether a message that was sent after the last fault was received
     * @param ended whether every exchange has ended
     */
    record Row(String name, DeliveryLedger ledger, long acknowledged, long reconnects, boolean hears, boolean ended) {

        boolean isGood() {
            return hears && ended && ledger.missing().isEmpty() && ledger.accepted() > 0;
        }

        String verdict() {
            if (!hears) {
                return "DEAF";
            }
            if (!ended) {
                return "HANGS";
            }
            return ledger.missing().isEmpty() ? "ok" : "LOST " + ledger.missing();
        }
    }
}
