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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.event.Published.Kind;
import io.cameliot.testinfra.event.Published.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublishedTest {
    @Test
    void keepsTheBeginningOfALongPayload() {
        Published message = published("a", new byte[Published.KEPT_BYTES + 1]);

        assertThat(message.payload()).hasSize(Published.KEPT_BYTES);
        assertThat(message.payloadBytes()).isEqualTo(Published.KEPT_BYTES + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"privateKey\":\"s3cret\",\"a\":1}",
                "{\"a\":1, \"privateKey\" : \"x\\\"s3cret\"}",
                "{\"certificateOwnershipToken\":\"s3cret",
            })
    void masksTheSecretsOfProvisioning(String payload) {
        assertThat(text(published("$aws/certificates/create/json/accepted", payload.getBytes(StandardCharsets.UTF_8))))
                .doesNotContain("s3cret")
                .contains("(masked)");
    }

    @Test
    void leavesOtherMessagesAlone() {
        assertThat(text(published("a/b", "{\"privateKey\":\"mine\"}".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("{\"privateKey\":\"mine\"}");
    }

    private static Published published(String topic, byte[] payload) {
        return Published.of(new Origin(Kind.DEVICE, "device"), topic, payload, 1, false, Map.of());
    }

    private static String text(Published message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }
}
