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
package io.cameliot.awsiot.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceBodyTest {

    private static final String UPDATE = "$aws/things/T/shadow/update";
    private static final String START_NEXT = "$aws/things/T/jobs/start-next";
    private static final String JOB = "$aws/things/T/jobs/J/update";
    private static final String RESPONSE = "$aws/commands/things/T/executions/E/response/json";

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n"})
    void makesAnObjectOfNothing(String given) {
        ServiceBody body = body(UPDATE, given);

        assertThat(text(body)).isEqualTo("{\"clientToken\":\"" + body.id() + "\"}");
        assertThat(body.id()).hasSizeBetween(1, 64);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|{\"clientToken\":\"#\"}",
                "{ }|{\"clientToken\":\"#\" }",
                "{\"a\":1.0}|{\"clientToken\":\"#\",\"a\":1.0}",
                "{ \"state\": {\"clientToken\":\"inner\"} }|{\"clientToken\":\"#\", \"state\": {\"clientToken\":\"inner\"} }",
                "{\"n\":12345678901234567890.10}|{\"clientToken\":\"#\",\"n\":12345678901234567890.10}",
                "{\"ü\":\"{温度\"}|{\"clientToken\":\"#\",\"ü\":\"{温度\"}"
            })
    void addsATokenAndLeavesTheRestAsItIs(String given, String sent) {
        ServiceBody body = body(UPDATE, given);

        assertThat(text(body)).isEqualTo(sent.replace("#", body.id()));
    }

    @Test
    void refusesABodyThatTheTokenMakesLargerThanAMessage() {
        String large = "{\"jobs\":\"" + "x".repeat(128 * 1024 - 100) + "\"}";
        String larger = "{\"jobs\":\"" + "x".repeat(128 * 1024 - 20) + "\"}";

        assertThat(body(START_NEXT, large).payload()).hasSizeLessThanOrEqualTo(128 * 1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(START_NEXT, larger))
                .withMessageContaining(START_NEXT)
                .withMessageContaining("131072 (128 KB)");
    }

    @Test
    void makesAnotherTokenEachTime() {
        assertThat(body(UPDATE, "{}").id()).isNotEqualTo(body(UPDATE, "{}").id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "0123456789012345678901234567890123456789012345678901234567890123", "ünï-32"})
    void keepsATokenThatIsThere(String token) {
        String given = "{\"state\":{}, \"clientToken\":\"" + token + "\"}";

        ServiceBody body = body(UPDATE, given);

        assertThat(text(body)).isEqualTo(given);
        assertThat(body.id()).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"\"|0 bytes",
                "\"01234567890123456789012345678901234567890123456789012345678901234\"|65 bytes",
                "\"éééééééééééééééééééééééééééééééééx\"|67 bytes",
                "7|no text",
                "null|no text",
                "{}|no text"
            })
    void refusesATokenThatCannotBe(String token, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(UPDATE, "{\"clientToken\":" + token + "}"))
                .withMessageContaining(UPDATE)
                .withMessageContaining("clientToken")
                .withMessageContaining(reason)
                .withMessageContaining("1 to 64 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "null", "{\"secret\":", "{} {}", "state", "{'a':1}", "\"{}\""})
    void refusesWhatIsNoJsonObjectWithoutShowingIt(String given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(UPDATE, given))
                .withMessageContaining("no JSON object")
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    @Test
    void refusesWhatIsNotInUtf8() {
        byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceBody.of(ReservedRequest.of(UPDATE), utf16))
                .withMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$aws/certificates/create/json", "$aws/provisioning-templates/P/provision/json"})
    void leavesBodiesWithoutTokenAsTheyAre(String topic) {
        assertThat(body(topic, "").payload()).isEmpty();
        assertThat(text(body(topic, "{\"a\": 1}"))).isEqualTo("{\"a\": 1}");
        assertThat(body(topic, "{}").id()).isNull();
    }

    @Test
    void findsTheIdOfAReport() {
        assertThat(body("$aws/things/T/defender/metrics/json", "{\"header\":{\"report_id\":17,\"version\":\"1.0\"}}")
                        .id())
                .isEqualTo("17");
        assertThat(body("$aws/things/T/defender/metrics/json", "{\"hed\":{\"rid\":17}}")
                        .id())
                .isEqualTo("17");
    }

    @ParameterizedTest
    @CsvSource({"reported, 8192, 0", "desired, 0, 8192", "both, 4096, 4096"})
    void takesAShadowThatFits(String which, int reported, int desired) {
        assertThat(body(UPDATE, shadow(reported, desired)).id()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"reported, 8193, 0, 8193", "desired, 0, 9000, 9000", "both, 4097, 4096, 8193"})
    void refusesAShadowThatCannotFit(String which, int reported, int desired, int told) {
        for (String topic : new String[] {UPDATE, "$aws/things/T/shadow/name/N/update"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> body(topic, shadow(reported, desired)))
                    .withMessageContaining(topic)
                    .withMessageContaining(told + " bytes")
                    .withMessageContaining("8192");
        }
    }

    @Test
    void countsNoWhiteSpaceAndNothingThatIsRemoved() {
        String removed = "\"" + "x".repeat(9000) + "\":null";

        assertThat(body(UPDATE, "{\"state\":{" + " ".repeat(9000) + "\"reported\":{\"a\":{" + removed + "}}}}")
                        .id())
                .isNotNull();
        assertThat(body(UPDATE, "{\"state\":{\"reported\":null,\"desired\":{" + removed + "}}}")
                        .id())
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {START_NEXT, JOB})
    void takesStatusDetailsThatAreAllowed(String topic) {
        String value = "v".repeat(1023) + "😀";

        assertThat(body(topic, "{\"statusDetails\":{\"a:b_c-9\":\"" + value + "\"}}")
                        .id())
                .isNotNull();
        assertThat(body(topic, details(10)).id()).isNotNull();
        assertThat(body(topic, "{\"statusDetails\":null}").id()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a b\":\"v\"}|the name 'a b'",
                "{\"\":\"v\"}|the name ''",
                "{\"ü\":\"v\"}|the name 'ü'",
                "{\"a\":\"\"}|the value of 'a'",
                "{\"a\":7}|the value of 'a'",
                "{\"a\":null}|the value of 'a'",
                "{\"a\":\"x\\ny\"}|the value of 'a'",
                "{\"a\":\"x\\u0085y\"}|the value of 'a'",
                "{\"a\":\"x\\u202Ey\"}|the value of 'a'",
                "{\"a\":\"\\uE000\"}|the value of 'a'",
                "{\"a\":\"\\uFFFF\"}|the value of 'a'",
                "{\"a\":\"x\\u200by\"}|the value of 'a'"
            })
    void refusesStatusDetailsThatAreNot(String details, String reason) {
        for (String topic : new String[] {START_NEXT, JOB}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> body(topic, "{\"statusDetails\":" + details + "}"))
                    .withMessageContaining("statusDetails")
                    .withMessageContaining(reason);
        }
    }

    @Test
    void refusesTooManyAndTooLongStatusDetails() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(JOB, details(11)))
                .withMessageContaining("11 members")
                .withMessageContaining("10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(JOB, "{\"statusDetails\":{\"a\":\"" + "v".repeat(1025) + "\"}}"))
                .withMessageContaining("1 to 1024");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(JOB, "{\"statusDetails\":{\"" + "n".repeat(129) + "\":\"v\"}}"))
                .withMessageContaining("1 to 128");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"status\":\"IN_PROGRESS\",\"statusReason\":{\"reasonCode\":\"200\",\"reasonDescription\":"
                        + "\"Execution_in_progress\"},\"result\":{\"car_battery\":{\"s\":\"car battery at 50 percent\"}}}",
                "{\"status\":\"SUCCEEDED\"}",
                "{\"status\":\"SUCCEEDED\",\"result\":{\"a_B-9\":{\"b\":false},\"d\":{\"bin\":\"AQID\"}}}",
                "{\"status\":\"FAILED\",\"statusReason\":{\"reasonCode\":\"A_B-9\"}}"
            })
    void takesResponsesToCommandsAsTheyAre(String response) {
        assertThat(text(body(RESPONSE, response))).isEqualTo(response);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"statusReason\":{}}|reasonCode in statusReason is missing",
                "{\"statusReason\":{\"reasonCode\":\"\"}}|reasonCode in statusReason is ''",
                "{\"statusReason\":{\"reasonCode\":\"lower\"}}|reasonCode in statusReason is 'lower'",
                "{\"statusReason\":{\"reasonCode\":\"A B\"}}|reasonCode in statusReason is 'A B'",
                "{\"statusReason\":{\"reasonCode\":\"A\",\"reasonDescription\":\"x\\ny\"}}|without control characters",
                "{\"statusReason\":{\"reasonCode\":\"A\",\"reasonDescription\":\"x\\u200by\"}}|without control characters",
                "{\"result\":{}}|result is empty",
                "{\"result\":{\"a.b\":{\"s\":\"x\"}}}|the name 'a.b' in result",
                "{\"result\":{\"a23456789_123456789-1234567890123\":{\"s\":\"x\"}}}|1 to 32",
                "{\"result\":{\"a\":{\"s\":\"\"}}}|the value of 'a' in result",
                "{\"result\":{\"a\":{\"s\":5}}}|the value of 'a' in result",
                "{\"result\":{\"a\":{\"b\":\"true\"}}}|the value of 'a' in result",
                "{\"result\":{\"a\":{\"bin\":\"\"}}}|the value of 'a' in result",
                "{\"result\":{\"a\":{\"bin\":\"%\"}}}|the value of 'a' in result",
                "{\"result\":{\"a\":{\"s\":\"x\",\"b\":true}}}|the value of 'a' in result",
                "{\"result\":{\"a\":\"x\"}}|the value of 'a' in result",
                "[]|no JSON object",
                "''|no JSON object"
            })
    void refusesResponsesThatTheServiceWould(String response, String reason) {
        for (String topic : new String[] {RESPONSE, RESPONSE.replace("things", "clients")}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> body(topic, response))
                    .withMessageContaining(topic)
                    .withMessageContaining(reason);
        }
    }

    @Test
    void refusesReasonsThatAreTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(RESPONSE, "{\"statusReason\":{\"reasonCode\":\"" + "A".repeat(65) + "\"}}"))
                .withMessageContaining("1 to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> body(
                        RESPONSE,
                        "{\"statusReason\":{\"reasonCode\":\"A\",\"reasonDescription\":\"" + "d".repeat(1025) + "\"}}"))
                .withMessageContaining("1024");
    }

    /** A shadow of states that are so large. */
    private static String shadow(int reported, int desired) {
        return "{\"state\":{\"reported\":" + state(reported) + ",\"desired\":" + state(desired) + "}}";
    }

    private static String state(int bytes) {
        return bytes == 0 ? "null" : "{\"k\":\"" + "v".repeat(bytes - 8) + "\"}";
    }

    private static String details(int count) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < count; i++) {
            members.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":\"v\"");
        }
        return "{\"statusDetails\":{" + members + "}}";
    }

    private static ServiceBody body(String topic, String given) {
        ServiceBody body = ServiceBody.of(ReservedRequest.of(topic), given.getBytes(StandardCharsets.UTF_8));
        JsonNode sent = ServiceJson.readOrNull(body.payload());
        if (ReservedRequest.of(topic).request().correlation() == Correlation.CLIENT_TOKEN) {
            assertThat(sent.get("clientToken").textValue()).isEqualTo(body.id());
        }
        return body;
    }

    private static String text(ServiceBody body) {
        return new String(body.payload(), StandardCharsets.UTF_8);
    }
}
