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
package io.cameliot.azure.dps.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers' topics as the tests of Microsoft's SDKs have them. */
class ResponseTopicTest {

    @ParameterizedTest
    @CsvSource({
        "$dps/registrations/res/200/?$rid=1,200",
        "$dps/registrations/res/202/?$rid=1&retry-after=8,202",
        "$dps/registrations/res/401/?$rid=1,401",
        "$dps/registrations/res/429/?$rid=1,429",
        "$dps/registrations/res/500/?$rid=1,500",
        "$dps/registrations/res/202,202",
    })
    void readsTheStatus(String topic, int status) {
        assertThat(ResponseTopic.parse(topic))
                .hasValueSatisfying(read -> assertThat(read.status()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not a topic",
                "$dps/registrations/unknown",
                "$dps/registrations/PUT/iotdps-register/?$rid=1",
                "$dps/resigtrations/res/200/?$rid=1",
                "dps/registrations/res/200/?$rid=1",
            })
    void isEmptyForOtherTopics(String topic) {
        assertThat(ResponseTopic.parse(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$dps/registrations/res/abc/?$rid=1",
                "$dps/registrations/res//?$rid=1",
                "$dps/registrations/res/2020/?$rid=1",
                "$dps/registrations/res/200/?$rid=1&$rid=2",
                "$dps/registrations/res/200/?$rid=%2",
            })
    void refusesMalformedAnswers(String topic) {
        assertThatIllegalArgumentException().isThrownBy(() -> ResponseTopic.parse(topic));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$rid=123&retry-after=456&something=89",
                "retry-after=456&$rid=123&something=89",
                "retry-after=456&something=89&$rid=123",
            })
    void findsPropertiesInAnyPlace(String properties) {
        ResponseTopic topic = parse(properties);

        assertThat(topic.answers(123)).isTrue();
        assertThat(topic.retryAfter()).contains(Duration.ofSeconds(456));
        assertThat(topic.properties()).containsEntry("something", "89");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$rid=", "$rid=12", "$rid=1234", "rid=123", "$RID=123", "retry-after=123", "$rid=0123"})
    void answersNoOtherRequest(String properties) {
        assertThat(parse(properties).answers(123)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"request%3Fid,request?id", "a%20b,a b", "a%2Fb,a/b", "a+b,a+b"})
    void decodesProperties(String encoded, String decoded) {
        assertThat(parse("$rid=" + encoded).properties()).isEqualTo(Map.of("$rid", decoded));
    }

    @ParameterizedTest
    @CsvSource({"Retry-After=32,32", "RETRY-AFTER=1,1", "retry-after=%2023,23", "retry-after=120,120"})
    void readsRetryAfterInAnyCase(String property, long seconds) {
        assertThat(parse("$rid=9&" + property).retryAfter()).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Retry-After=",
                "retry-after",
                "retry-after=0",
                "retry-after=-1",
                "retry-after=soon",
                "x-retry-after=3"
            })
    void hasNoRetryAfterThatCannotBeWaitedFor(String property) {
        assertThat(parse("$rid=9&" + property).retryAfter()).isEmpty();
    }

    @Test
    void keepsAHugeRetryAfterHuge() {
        assertThat(parse("$rid=9&retry-after=99999999999999999999999999").retryAfter())
                .hasValueSatisfying(time -> assertThat(time).isGreaterThan(Duration.ofDays(1)));
    }

    private static ResponseTopic parse(String properties) {
        return ResponseTopic.parse("$dps/registrations/res/202/?" + properties).orElseThrow();
    }
}
