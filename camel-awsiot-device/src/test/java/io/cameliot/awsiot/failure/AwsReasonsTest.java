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
package io.cameliot.awsiot.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.mqtt.MqttReasonCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The table of reason codes on the component's page says what the messages say. */
class AwsReasonsTest {

    private static final Path PAGE = Path.of("..", "docs", "awsiot-device.md");

    /** What AWS IoT Core sends (AWS IoT Developer Guide, MQTT 5 reason codes), failures only. */
    private static final Map<String, Set<Integer>> OF_AWS = Map.of(
            "CONNACK", Set.of(0x80, 0x85, 0x86, 0x87, 0x90, 0x97, 0x9B),
            "PUBACK", Set.of(0x80, 0x87, 0x90, 0x91, 0x97),
            "SUBACK", Set.of(0x80, 0x87, 0x8F, 0x91, 0x97),
            "UNSUBACK", Set.of(0x80, 0x8F, 0x91),
            "DISCONNECT", Set.of(0x81, 0x82, 0x87, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x97, 0x98, 0x9B, 0xA1));

    @Test
    void areAllOnThePageAndNoOthers() throws IOException {
        List<String> rows = new ArrayList<>();
        for (MqttReasonCode code : MqttReasonCode.values()) {
            addRow(rows, code, "CONNACK", number -> AwsReasons.connect(number, "…"));
            addRow(rows, code, "PUBACK", number -> AwsReasons.publish(number, "…", true));
            addRow(rows, code, "SUBACK", number -> AwsReasons.subscribe(number, "…"));
            addRow(rows, code, "UNSUBACK", AwsReasons::unsubscribe);
            addRow(rows, code, "DISCONNECT", number -> AwsReasons.disconnect(number, "…"));
        }

        assertThat(Files.readString(PAGE).lines().filter(line -> line.startsWith("| 0x")))
                .containsExactlyElementsOf(rows);
    }

    private static void addRow(List<String> rows, MqttReasonCode code, String packet, IntFunction<String> advice) {
        String text = advice.apply(code.code());
        if (!text.isEmpty()) {
            rows.add("| " + MqttReasonCode.text(code.code()) + " | " + packet + " | " + text + " |");
        }
    }

    @Test
    void sayWhatToDoAboutEveryCodeOfAws() {
        OF_AWS.get("CONNACK")
                .forEach(code -> assertThat(AwsReasons.connect(code, "c")).isNotEmpty());
        OF_AWS.get("PUBACK").forEach(code -> assertThat(AwsReasons.publish(code, "t", false))
                .isNotEmpty());
        OF_AWS.get("SUBACK")
                .forEach(code -> assertThat(AwsReasons.subscribe(code, "f")).isNotEmpty());
        OF_AWS.get("UNSUBACK")
                .forEach(code -> assertThat(AwsReasons.unsubscribe(code)).isNotEmpty());
        OF_AWS.get("DISCONNECT")
                .forEach(code -> assertThat(AwsReasons.disconnect(code, "c")).isNotEmpty());
    }
}
