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
package io.cameliot.awsiot.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of MQTT 3.1.1 section 4.7, and what lies between them. */
class TopicFilterTest {

    @ParameterizedTest
    @CsvSource({
        "sport/tennis/player1/#, sport/tennis/player1, true",
        "sport/tennis/player1/#, sport/tennis/player1/ranking, true",
        "sport/tennis/player1/#, sport/tennis/player1/score/wimbledon, true",
        "sport/tennis/player1/#, sport/tennis/player12, false",
        "sport/tennis/player1/#, sport/tennis, false",
        "sport/#, sport, true",
        "sport/#, sport/, true",
        "sport/#, sports, false",
        "#, sport, true",
        "#, /, true",
        "sport/tennis/+, sport/tennis/player1, true",
        "sport/tennis/+, sport/tennis/player1/ranking, false",
        "sport/tennis/+, sport/tennis, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "+, finance, true",
        "+/tennis/#, sport/tennis, true",
        "+/tennis/#, sport/tennis/a/b, true",
        "+/tennis/#, sport/golf, false",
        "+/#, sport, true",
        "a/+/c, a/b/c, true",
        "a/+/c, a//c, true",
        "a/+/c, a/b/d, false",
        "a/+/c, a/b/c/d, false",
        "a/+/#, a, false",
        "a/+/#, a/, true",
        "a/b, a/b, true",
        "a/b, a/b/c, false",
        "a/b/c, a/b, false",
        "a/b, a/c, false",
        "a/b, A/b, false",
        "a/b/, a/b, false",
        "#, $SYS/broker, false",
        "+/monitor/Clients, $SYS/monitor/Clients, false",
        "$SYS/#, $SYS/broker, true",
        "$SYS/#, $SYS, true",
        "$SYS/monitor/+, $SYS/monitor/Clients, true",
        "$aws/things/+/shadow/#, $aws/things/dev/shadow/update/delta, true",
        "a/#, a/$b, true",
        "a/+, a/$b, true"
    })
    void matches(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.matches(filter, topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "a/b, a, false",
        "a/+, a/b, true",
        "a/+, +/b, true",
        "a/+/c, +/b/+, true",
        "a/+/c, +/b/d, false",
        "a/+, a, false",
        "a/+, a/b/c, false",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "a/#, b/#, false",
        "a/#, +/b/+, true",
        "a/b/#, a, false",
        "+/#, a, true",
        "+/+/#, a, false",
        "+, a/#, true",
        "#, a/b, true",
        "#, +, true",
        "#, $aws/things/T/jobs/notify, false",
        "+/things/#, $aws/things/T/jobs/notify, false",
        "$aws/+/T/#, $aws/things/T/jobs/notify, true",
        "a/, a/+, true",
        "a/, a, false"
    })
    void overlapsWithAFilterThatMatchesOneOfItsTopics(String one, String other, boolean overlap) {
        assertThat(TopicFilter.overlap(one, other)).isEqualTo(overlap);
        assertThat(TopicFilter.overlap(other, one)).isEqualTo(overlap);
    }
}
