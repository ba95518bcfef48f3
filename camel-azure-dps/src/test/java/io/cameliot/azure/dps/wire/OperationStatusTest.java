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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of test_az_iot_provisioning_client_parser.c of azure-sdk-for-c, and what must not pass for one. */
class OperationStatusTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{\"operationId\":\"4.d0a6\",\"status\":\"assigning\"}`,ASSIGNING",
                "`{\"operationId\":\"4.d0a6\",\"status\":\"assigning\",\"registrationState\":{\"status\":\"assigning\"}}`,ASSIGNING",
                "`{\"operationId\":\"4.d0a6\",\"status\":\"unassigned\",\"registrationState\":null}`,UNASSIGNED",
                "`{\"operationId\":\"\",\"status\":\"disabled\",\"registrationState\":{\"status\":\"disabled\"}}`,DISABLED",
                "`{\"operationId\":\"4.d0a6\",\"status\":\"blacklisted\"}`,DISABLED",
                "`{\"operationId\":\"4.d0a6\",\"status\":\"failed\",\"registrationState\":{\"errorCode\":400207}}`,FAILED",
                "`{\"operationId\":\"4.d0a6\",\"status\":\"assigned\",\"unknown\":[1],\"registrationState\":"
                        + "{\"assignedHub\":\"h\",\"deviceId\":\"d\"}}`,ASSIGNED",
            })
    void readsTheStatusOfTheOperation(String body, RegistrationStatus status) throws Exception {
        assertThat(parse(body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`{\"operationId\":null,\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":\"h\",\"deviceId\":\"d\"}}`,ASSIGNED",
                "`{\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":\"h\",\"deviceId\":\"d\",\"substatus\":null}}`,ASSIGNED",
                "`{\"operationId\":7,\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":\"h\",\"deviceId\":\"d\","
                        + "\"substatus\":{},\"etag\":1,\"createdDateTimeUtc\":false}}`,ASSIGNED",
                "`{\"operationId\":null,\"status\":\"disabled\",\"registrationState\":null}`,DISABLED",
                "`{\"status\":\"failed\",\"registrationState\":\"none\"}`,FAILED",
                "`{\"operationId\":\"o\",\"status\":\"assigning\",\"registrationState\":123}`,ASSIGNING",
                "`{\"operationId\":\"o\",\"status\":\"unassigned\",\"registrationState\":[]}`,UNASSIGNED",
            })
    void asksForNothingThatItDoesNotNeed(String body, RegistrationStatus status) throws Exception {
        assertThat(parse(body).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"operationId\":null,", "\"operationId\":\"\",", "\"operationId\":[],"})
    void goesOnWithTheOperationThatIsPolledWhereTheAnswerDoesNotNameIt(String named) throws Exception {
        byte[] body = ("{" + named + "\"status\":\"assigning\"}").getBytes(StandardCharsets.UTF_8);

        assertThat(OperationStatus.parse(body, Optional.of("4.polled")).operationId())
                .isEqualTo("4.polled");
    }

    @Test
    void keepsTheRegistrationAsItCame() throws Exception {
        String state = "{\"assignedHub\":\"h\",\"deviceId\":\"d\",\"x509\":{},\"future\":{\"n\":1.10}}";

        OperationStatus operation =
                parse("{\"operationId\":\"o\",\"status\":\"assigned\",\"registrationState\":" + state + "}");

        assertThat(operation.operationId()).isEqualTo("o");
        assertThat(operation.registrationState())
                .hasValueSatisfying(read -> assertThat(DpsJson.write(read)).isEqualTo(state));
    }

    @Test
    void readsWhyAnOperationFailed() throws Exception {
        ServiceError error = parse(
                        "{\"operationId\":\"o\",\"status\":\"failed\",\"registrationState\":{\"errorCode\":400207,"
                                + "\"errorMessage\":\"Custom allocation failed with status code: 400\"}}")
                .error();

        assertThat(error.errorCode()).contains(400207);
        assertThat(error.message()).contains("Custom allocation failed with status code: 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "123",
                "null",
                "[]",
                "no json",
                "{\"operationId\":\"o\",\"status\":\"assigning\"",
                "{\"operationId\":\"o\",\"status\":\"assigning\"} trailing",
                "{\"status\":\"assigning\"}",
                "{\"operationId\":1,\"status\":\"assigning\"}",
                "{\"operationId\":\"o\"}",
                "{\"operationId\":\"\",\"status\":\"assigning\"}",
                "{\"operationId\":\"o\",\"status\":\"unknown status123!@#\"}",
                "{\"operationId\":null,\"status\":\"assigning\"}",
                "{\"operationId\":\"o\",\"status\":null}",
                "{\"operationId\":\"o\",\"status\":\"assigned\",\"registrationState\":123}",
                "{\"operationId\":\"o\",\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":\"h\",\"deviceId\":1}}",
                "{\"operationId\":\"o\",\"status\":\"assigned\"}",
                "{\"operationId\":\"o\",\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":\"h\"}}",
                "{\"operationId\":\"o\",\"status\":\"assigned\",\"registrationState\":{\"deviceId\":\"d\"}}",
                "{\"operationId\":\"o\",\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":1,\"deviceId\":null}}",
            })
    void refusesMalformedBodies(String body) {
        assertThatExceptionOfType(MalformedAnswerException.class)
                .isThrownBy(() -> parse(body))
                .withMessageEndingWith(": " + body);
    }

    @Test
    void showsNoValueOfAMalformedBodyThatMayBeSecret() {
        assertThatExceptionOfType(MalformedAnswerException.class)
                .isThrownBy(() -> parse(
                        "{\"status\":\"assigned\",\"token\":\"hidden1\",\"registrationState\":{\"deviceId\":\"d\","
                                + "\"payload\":{\"key\":\"hidden2\"},\"tpm\":{\"authenticationKey\":\"hidden3\"},"
                                + "\"assignedHub\":{\"name\":\"hidden4\"}}}"))
                .withMessageEndingWith(
                        ": {\"status\":\"assigned\",\"token\":\"…\",\"registrationState\":{\"deviceId\":\"d\","
                                + "\"payload\":\"…\",\"tpm\":\"…\",\"assignedHub\":\"…\"}}");
    }

    @Test
    void refusesJsonThatIsTooDeep() {
        assertThatExceptionOfType(MalformedAnswerException.class).isThrownBy(() -> parse("[".repeat(100_000)));
    }

    @Test
    void showsOnlyTheBeginningOfALongBodyAndNoControlCharacters() {
        assertThatExceptionOfType(MalformedAnswerException.class)
                .isThrownBy(() -> parse("a\nb\u0007" + "c".repeat(1000)))
                .withMessageContaining("a\\nb\\u0007c")
                .withMessageEndingWith("… (1004 bytes)")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void readsWhatAnErrorSays() {
        ServiceError error = ServiceError.parse(
                ("{\"errorCode\":401002,\"trackingId\":\"8ad0463c-6427-4479-9dfa-3e8bb7003e9b\",\"message\":"
                                + "\"Invalid certificate.\",\"timestampUtc\":\"2020-04-10T05:24:22.4718526Z\"}")
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(error.errorCode()).contains(401002);
        assertThat(error.trackingId()).contains("8ad0463c-6427-4479-9dfa-3e8bb7003e9b");
        assertThat(error.message()).contains("Invalid certificate.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "{\"truncated", "123", "[1]"})
    void showsAnErrorThatIsNoJsonAsItCame(String body) {
        ServiceError error = ServiceError.parse(body.getBytes(StandardCharsets.UTF_8));

        assertThat(error.errorCode()).isEmpty();
        assertThat(error.message()).contains(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"errorCode\":\"x\",\"trackingId\":5,\"message\":\" \"}", "{\"errorCode\":1e99}"})
    void saysNothingWhereAnErrorSaysNothing(String body) {
        ServiceError error = ServiceError.parse(body.getBytes(StandardCharsets.UTF_8));

        assertThat(error.errorCode()).isEmpty();
        assertThat(error.trackingId()).isEmpty();
        assertThat(error.message()).isEmpty();
    }

    private static OperationStatus parse(String body) throws MalformedAnswerException {
        return OperationStatus.parse(body.getBytes(StandardCharsets.UTF_8), Optional.empty());
    }
}
