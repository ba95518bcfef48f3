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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.mqtt.MessageProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitingRoomTest {

    private final WaitingRoom room = new WaitingRoom();

    @ParameterizedTest
    @CsvSource({"0, 131072", "512, 65536", "131072, 510"})
    void hasRoomFor64MegabytesAndCountsWhatAMessageTakesBesidesItsPayload(int bytes, int messages) {
        for (int i = 0; i < messages; i++) {
            assertThat(room.enter(message(bytes))).isNull();
        }

        assertThat(room.enter(message(bytes))).hasMessageContaining("64 MB");
    }

    @Test
    void hasRoomAgainWhenAMessageHasLeft() {
        PublishRequest half = message((32 << 20) - 512);
        assertThat(room.enter(half)).isNull();
        assertThat(room.enter(half)).isNull();
        assertThat(room.enter(message(0))).isNotNull();
        room.leave(message(0));
        assertThat(room.enter(message(0))).isNotNull();
        room.leave(message(0));

        room.leave(half);

        assertThat(room.enter(half)).isNull();
    }

    private static PublishRequest message(int bytes) {
        return new PublishRequest("t", new byte[bytes], 1, false, MessageProperties.NONE);
    }
}
