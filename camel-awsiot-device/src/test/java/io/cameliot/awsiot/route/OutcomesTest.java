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
package io.cameliot.awsiot.route;

import static io.cameliot.awsiot.AwsIotDeviceConstants.ERROR_CODE;
import static io.cameliot.awsiot.AwsIotDeviceConstants.STATUS_DETAILS;
import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.command.CommandOutcome;
import io.cameliot.awsiot.job.JobOutcome;
import io.cameliot.awsiot.report.ExecutionRejectedException;
import io.cameliot.awsiot.testing.Contexts;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is reported of what a route has left behind. */
class OutcomesTest {

    private final Exchange exchange = new DefaultExchange(Contexts.withoutJmx());

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("plain text", "{body={s=plain text}}"),
                Arguments.of("text".getBytes(StandardCharsets.UTF_8), "{body={s=text}}"),
                Arguments.of(new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)), "{body={s=stream}}"),
                Arguments.of(20.5, "{body={s=20.5}}"),
                Arguments.of(true, "{body={b=true}}"),
                Arguments.of(Optional.of(false), "{body={b=false}}"),
                Arguments.of(
                        "{\"a\": 1.50, \"b\": true, \"c\": \"x\", \"d\": null}", "{a={s=1.50}, b={b=true}, c={s=x}}"),
                Arguments.of("{\"a\":{\"s\":\"typed\"},\"b\":{\"bin\":\"AQID\"}}", "{a={s=typed}, b={bin=AQID}}"),
                Arguments.of("{\"a\":{\"x\":1},\"b\":[1,2]}", "{a={s={\"x\":1}}, b={s=[1,2]}}"),
                Arguments.of("{\"a\":{\"s\":5},\"b\":{\"b\":\"x\"}}", "{a={s={\"s\":5}}, b={s={\"b\":\"x\"}}}"),
                Arguments.of("{\"a\":{\"bin\":\"%\"},\"b\":{\"bin\":7}}", "{a={s={\"bin\":\"%\"}}, b={s={\"bin\":7}}}"),
                Arguments.of("{\"a\":\"\",\"b\":{\"s\":\"\"},\"c\":{\"bin\":\"\"},\"d\":0}", "{d={s=0}}"),
                Arguments.of(Map.of("a", new byte[0]), "{}"),
                Arguments.of("{no json", "{body={s={no json}}"),
                Arguments.of("[1]", "{body={s=[1]}}"),
                Arguments.of(ordered("n", 1L, "t", "x", "l", List.of(1)), "{n={s=1}, t={s=x}, l={s=[1]}}"),
                Arguments.of(null, "{}"),
                Arguments.of("", "{}"),
                Arguments.of(Map.of(), "{}"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void makesAResultOfTheBody(Object body, String result) {
        exchange.getMessage().setBody(body);

        CommandOutcome outcome = CommandOutcomes.of(exchange, "given");

        assertThat(outcome.status()).isEqualTo(CommandOutcome.Status.SUCCEEDED);
        assertThat(outcome.result()).hasToString(result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"battery.level", "free space", "", "größe", "a23456789_123456789-1234567890123"})
    void failsForANameThatAwsRefuses(String name) {
        exchange.getMessage().setBody(Map.of(name, 50));

        CommandOutcome outcome = CommandOutcomes.of(exchange, null);

        assertThat(outcome.status()).isEqualTo(CommandOutcome.Status.FAILED);
        assertThat(outcome.reasonDescription()).contains("'" + name + "'").contains("1 to 32 letters");
    }

    @Test
    void takesTheLongestNameThatAwsAllows() {
        String longest = "a23456789_123456789-123456789012";
        exchange.getMessage().setBody(Map.of(longest, 50));

        assertThat(CommandOutcomes.of(exchange, null).result()).containsOnlyKeys(longest);
    }

    @Test
    void failsForAResultWhoseReportIsLargerThanAMessage() {
        int room = 128 * 1024 - "{'status':'SUCCEEDED','result':{'body':{'s':''}}}".length();
        exchange.getMessage().setBody("x".repeat(room));
        assertThat(CommandOutcomes.of(exchange, null).status()).isEqualTo(CommandOutcome.Status.SUCCEEDED);

        exchange.getMessage().setBody("x".repeat(room + 1));
        CommandOutcome outcome = CommandOutcomes.of(exchange, null);
        assertThat(outcome.status()).isEqualTo(CommandOutcome.Status.FAILED);
        assertThat(outcome.reasonDescription()).contains("131073 bytes").contains("131072 (128 KB)");
    }

    @Test
    void sendsBytesThatAreNoTextAsBytes() {
        byte[] noText = {(byte) 0xff, 0};
        exchange.getMessage().setBody(noText);
        assertThat(CommandOutcomes.of(exchange, null).result())
                .usingRecursiveComparison()
                .isEqualTo(Map.of("body", Map.of("bin", noText)));

        exchange.getMessage().setBody(Map.of("a", noText));
        assertThat(CommandOutcomes.of(exchange, null).result())
                .usingRecursiveComparison()
                .isEqualTo(Map.of("a", Map.of("bin", noText)));
    }

    /** The report may wait for a connection, while the route already processes the next command. */
    @Test
    void reportsTheResultThoughTheRouteUsesItsObjectsAgain() {
        for (boolean typed : List.of(false, true)) {
            byte[] bytes = {-1};
            StringBuilder text = new StringBuilder("x");
            exchange.getMessage()
                    .setBody(
                            typed
                                    ? Map.of("bytes", Map.of("bin", bytes), "text", Map.of("s", text))
                                    : Map.of("bytes", bytes, "text", text));
            Map<String, Map<String, Object>> result =
                    CommandOutcomes.of(exchange, null).result();

            bytes[0] = 0;
            text.append("y");

            assertThat(result)
                    .usingRecursiveComparison()
                    .isEqualTo(Map.of("bytes", Map.of("bin", new byte[] {-1}), "text", Map.of("s", "x")));
        }
    }

    @Test
    void takesTheBodyThatTheRouteWasGivenForNoResult() {
        byte[] given = {1};
        exchange.getMessage().setBody(given);

        assertThat(CommandOutcomes.of(exchange, given).result()).isEmpty();
        assertThat(CommandOutcomes.of(exchange, new byte[] {1}).result()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ", FILE_NOT_FOUND_EXCEPTION",
        "'', FILE_NOT_FOUND_EXCEPTION",
        "jammed, JAMMED",
        "door is jammed!, DOOR_IS_JAMMED_",
        "E-404, E-404",
        "türschloß, T_RSCHLOSS"
    })
    void makesAReasonCodeThatIsAllowed(String header, String code) {
        exchange.setException(new RuntimeCamelException(new FileNotFoundException("x")));
        exchange.setException(new FileNotFoundException("where is it?"));
        exchange.getMessage().setHeader(ERROR_CODE, header);

        CommandOutcome outcome = CommandOutcomes.of(exchange, null);

        assertThat(outcome.reasonCode()).isEqualTo(code).matches("[A-Z0-9_-]{1,64}");
        assertThat(outcome.reasonDescription()).isEqualTo("where is it?");
        assertThat(outcome.status()).isEqualTo(CommandOutcome.Status.FAILED);
    }

    @Test
    void cutsReasonsToWhatIsAllowed() {
        exchange.setException(new IllegalStateException("\u202Ea\u0000\n\uD800" + "😀".repeat(2000)));
        exchange.getMessage().setHeader(ERROR_CODE, "x".repeat(100));

        CommandOutcome outcome = CommandOutcomes.of(exchange, null);

        assertThat(outcome.reasonCode()).hasSize(64);
        assertThat(outcome.reasonDescription())
                .startsWith(" a   😀")
                .hasSizeLessThanOrEqualTo(1024)
                .doesNotContain("\uD83D\uD83D");
        assertThat(outcome.reasonDescription()).matches("[^\\p{C}]*");
    }

    /** A command or job without an outcome would stay in progress, and its consumer would not go on. */
    @ParameterizedTest
    @MethodSource("unusable")
    void reportsFailureWhereWhatTheRouteHasLeftCannotBeRead(Object left) {
        exchange.getMessage().setBody(left);
        assertThat(CommandOutcomes.of(exchange, null).status()).isEqualTo(CommandOutcome.Status.FAILED);

        exchange.setException(new FileNotFoundException("where is it?"));
        exchange.getMessage().setHeader(ERROR_CODE, left);
        assertThat(CommandOutcomes.of(exchange, null).reasonCode()).isEqualTo("FILE_NOT_FOUND_EXCEPTION");

        exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("step", left));
        assertThat(JobOutcomes.of(exchange, Map.of()).status()).isEqualTo(JobOutcome.Status.FAILED);
        exchange.setException(null);
        assertThat(JobOutcomes.of(exchange, Map.of()).status()).isEqualTo(JobOutcome.Status.FAILED);
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(Named.of("an object that throws an exception", new Object() {
                    @Override
                    public String toString() {
                        throw new IllegalStateException("no text");
                    }
                })),
                Arguments.of(Named.of("an object that throws an error", new Object() {
                    @Override
                    public String toString() {
                        return toString() + "!";
                    }
                })));
    }

    @Test
    void saysWhatFailedWithoutAMessageOrAnException() {
        exchange.setException(new IllegalStateException());
        assertThat(CommandOutcomes.of(exchange, null).reasonDescription()).isEqualTo("java.lang.IllegalStateException");

        exchange.setException(null);
        exchange.setRollbackOnly(true);
        CommandOutcome outcome = CommandOutcomes.of(exchange, null);
        assertThat(outcome.status()).isEqualTo(CommandOutcome.Status.FAILED);
        assertThat(outcome.reasonCode()).isEqualTo("ROLLBACK");
        assertThat(JobOutcomes.of(exchange, Map.of()).statusDetails())
                .isEqualTo(Map.of("reason", "The route has rolled back"));
    }

    @Test
    void findsARejectionThatIsTheCauseOfAnother() {
        exchange.setException(new RuntimeCamelException(new ExecutionRejectedException("not now")));

        assertThat(CommandOutcomes.of(exchange, null).status()).isEqualTo(CommandOutcome.Status.REJECTED);
        assertThat(JobOutcomes.of(exchange, Map.of()))
                .isEqualTo(new JobOutcome(JobOutcome.Status.REJECTED, Map.of("reason", "not now")));
    }

    @Test
    void reportsNoDetailsThatTheRouteHasLeftAsTheyWere() {
        exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("step", "1"));

        assertThat(JobOutcomes.of(exchange, Map.of("step", "1")).statusDetails())
                .isNull();
        assertThat(JobOutcomes.of(exchange, Map.of()).statusDetails()).isEqualTo(Map.of("step", "1"));
    }

    @Test
    void takesDetailsThatAreWrittenAsJson() {
        exchange.getMessage().setHeader(STATUS_DETAILS, "{\"step\": 2, \"note\": \"x\"}");

        assertThat(JobOutcomes.of(exchange, Map.of()).statusDetails()).isEqualTo(Map.of("step", "2", "note", "x"));
    }

    /** A character of two UTF-16 units counts once, as in a request of the route's own. */
    @ParameterizedTest
    @CsvSource({"x, 1024", "😀, 600", "😀, 1024"})
    void takesDetailsOfAsManyCharactersAsAwsAllows(String character, int times) {
        String value = character.repeat(times);
        exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("note", value));

        assertThat(JobOutcomes.of(exchange, Map.of()))
                .isEqualTo(new JobOutcome(JobOutcome.Status.SUCCEEDED, Map.of("note", value)));
    }

    static Stream<String> valuesThatAwsRefuses() {
        return Stream.of("", "x".repeat(1025), "😀".repeat(1025), "a\nb", "a\u200bb", "a\uD800");
    }

    @ParameterizedTest
    @MethodSource("valuesThatAwsRefuses")
    void failsForDetailsThatAwsRefuses(String value) {
        exchange.getMessage().setHeader(STATUS_DETAILS, Map.of("note", value));

        JobOutcome outcome = JobOutcomes.of(exchange, Map.of());

        assertThat(outcome.status()).isEqualTo(JobOutcome.Status.FAILED);
        assertThat(outcome.statusDetails().get("reason"))
                .contains("'note'")
                .contains("1 to 1024 characters without control characters");
    }

    @Test
    void keepsTheDetailsOfTheRouteWhereThereIsNoRoomForAReason() {
        Map<String, Object> ten = new LinkedHashMap<>();
        for (int i = 0; i < 10; i++) {
            ten.put("d" + i, i);
        }
        exchange.getMessage().setHeader(STATUS_DETAILS, ten);
        exchange.setException(new IllegalStateException("x"));

        assertThat(JobOutcomes.of(exchange, Map.of()).statusDetails())
                .hasSize(10)
                .doesNotContainKey("reason");
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of(Map.of("step", "1", "reason", "old")),
                Arguments.of((Object) null),
                Arguments.of(Map.of("free space", "1")));
    }

    /** AWS IoT replaces all details of a job by those of a report. */
    @ParameterizedTest
    @MethodSource("headers")
    void repeatsTheDetailsThatTheRouteWasGivenWithTheReasonOfAFailure(Object header) {
        exchange.getMessage().setHeader(STATUS_DETAILS, header);
        exchange.setException(new IllegalStateException("x"));

        assertThat(JobOutcomes.of(exchange, Map.of("step", "1", "reason", "old")))
                .isEqualTo(new JobOutcome(JobOutcome.Status.FAILED, Map.of("step", "1", "reason", "x")));
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
