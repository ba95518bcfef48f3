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
package io.cameliot.testinfra.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class DeliveryLedgerTest {

    private final DeliveryLedger ledger = new DeliveryLedger();

    @Test
    void reportsAcceptedMessagesThatHaveNotArrived() {
        int arrived = send();
        int missing = send();
        int failed = send();
        ledger.accept(arrived);
        ledger.accept(missing);
        ledger.fail(failed);
        ledger.receive(arrived);

        assertThat(ledger.missing()).isEqualTo(BitSet.valueOf(new long[] {1L << missing}));
        assertThat(ledger).hasToString("sent 3, accepted 2, failed 1, received 1, duplicates 0, missing {1}");

        ledger.receive(missing);
        assertThat(ledger.missing().isEmpty()).isTrue();
    }

    @Test
    void countsEachMessageOnceAndItsRepetitionsAsDuplicates() {
        int number = send();
        ledger.receive(number);
        ledger.receive(number);
        ledger.receive(number);

        assertThat(ledger.received()).isEqualTo(1);
        assertThat(ledger.duplicates()).isEqualTo(2);
    }

    @Test
    void reportsWhetherALaterMessageHasArrived() {
        int before = send();
        int mark = ledger.sent();
        ledger.receive(before);
        assertThat(ledger.hasReceivedSince(mark)).isFalse();

        send();
        ledger.receive(send());

        assertThat(ledger.hasReceivedSince(mark)).isTrue();
    }

    @Test
    void refusesANumberThatWasNotSent() {
        assertThatThrownBy(() -> ledger.receive(0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("Message 0 is not one of the 0 sent");
    }

    private int send() {
        return ledger.next();
    }
}
