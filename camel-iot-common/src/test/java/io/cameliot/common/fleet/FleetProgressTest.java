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
package io.cameliot.common.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetProgressTest {

    private final FleetProgress<Boolean> progress = new FleetProgress<>("azure-dps:scope", done -> done);
    private final List<String> accounts = new ArrayList<>();
    private Duration now = Duration.ofHours(1);

    @Test
    void saysNothingForAFewDevices() {
        end(FleetProgress.INTERVAL - 1);
        endBatch();

        assertThat(accounts).isEmpty();
    }

    @Test
    void saysNothingForADeviceThatRegistersAgainAndAgain() {
        for (int i = 0; i < 3 * FleetProgress.INTERVAL; i++) {
            end(1);
            endBatch();
        }

        assertThat(accounts).isEmpty();
    }

    @Test
    void saysHowFarItIsAfterEachHundredDevicesAndAtTheEnd() {
        end(250);
        endBatch();

        assertThat(accounts)
                .containsExactly(
                        "azure-dps:scope: 100 devices done, 0 failed, 7 in progress, 1,234 waiting; 6,000 per minute",
                        "azure-dps:scope: 200 devices done, 0 failed, 7 in progress, 1,234 waiting; 6,000 per minute",
                        "azure-dps:scope: 250 devices done, 0 failed, 0 in progress, 0 waiting; 6,000 per minute");
    }

    @Test
    void countsFailuresApart() {
        for (int i = 0; i < FleetProgress.INTERVAL; i++) {
            end(i % 10 != 0);
        }

        assertThat(accounts).singleElement().asString().contains(" 90 devices done, 10 failed,");
    }

    @Test
    void saysNothingAtTheEndThatItHasSaidAlready() {
        end(FleetProgress.INTERVAL);
        endBatch();

        assertThat(accounts).hasSize(1);
    }

    @Test
    void countsFromZeroInTheNextBatch() {
        end(FleetProgress.INTERVAL);
        endBatch();
        accounts.clear();
        end(FleetProgress.INTERVAL);

        assertThat(accounts)
                .singleElement()
                .asString()
                .contains(": 100 devices done,")
                .contains("6,000 per minute");
    }

    /** Each takes ten milliseconds. */
    private void end(int devices) {
        for (int i = 0; i < devices; i++) {
            end(true);
        }
    }

    private void end(boolean done) {
        progress.arrived(now);
        now = now.plusMillis(10);
        add(progress.ended(done, now, 7, 1_234));
    }

    /** The fleet rests for an hour. */
    private void endBatch() {
        add(progress.endBatch());
        now = now.plusHours(1);
    }

    private void add(Optional<String> account) {
        account.ifPresent(accounts::add);
    }
}
