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

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutboxDirectoryTest {

    private static final Path PARENT = Path.of("outboxes").toAbsolutePath();

    @ParameterizedTest
    @CsvSource({
        "sensor-1, sensor-1.outbox",
        "a/b:c, a%2Fb%3Ac.outbox",
        "../x, ..%2Fx.outbox",
        ".., ...outbox",
        "*, %2A.outbox",
        "Größe 1, Gr%C3%B6%C3%9Fe+1.outbox"
    })
    void isNamedAfterTheClientId(String clientId, String name) {
        assertThat(OutboxDirectory.of(PARENT, clientId)).isEqualTo(PARENT.resolve(name));
    }

    @Test
    void staysShortEnoughForFileSystemsAndDiffersForEachClientId() {
        String one = nameOf("ö".repeat(63) + "1");
        String other = nameOf("ö".repeat(63) + "2");

        assertThat(one).hasSizeLessThan(256).isNotEqualTo(other);
        assertThat(other).hasSizeLessThan(256);
    }

    private static String nameOf(String clientId) {
        return OutboxDirectory.of(PARENT, clientId).getFileName().toString();
    }
}
