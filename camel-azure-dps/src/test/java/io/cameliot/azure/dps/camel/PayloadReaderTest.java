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
package io.cameliot.azure.dps.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cameliot.azure.dps.wire.DpsJson;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadReaderTest {

    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();

    @AfterAll
    static void closeContext() throws Exception {
        CONTEXT.close();
    }

    /** A bean of a route. */
    public record Model(String model, int revision) {}

    static Stream<Arguments> bodies() {
        String json = "{\"model\":\"a\",\"revision\":1}";
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of(json, json),
                Arguments.of(bytes, json),
                Arguments.of(new StringBuilder(json), json),
                Arguments.of(new ByteArrayInputStream(bytes), json),
                Arguments.of(new InputStreamCache(bytes), json),
                Arguments.of(new StringReader(json), json),
                Arguments.of(new Model("a", 1), json),
                Arguments.of(JsonNodeFactory.instance.objectNode().put("a", 1), "{\"a\":1}"),
                Arguments.of(Map.of("a", List.of(1, true)), "{\"a\":[1,true]}"),
                Arguments.of(List.of("a", "b"), "[\"a\",\"b\"]"),
                Arguments.of(Arrays.asList(1, null), "[1,null]"),
                Arguments.of(42, "42"),
                Arguments.of(true, "true"),
                Arguments.of(new BigDecimal("1.50"), "1.50"),
                Arguments.of('c', "\"c\""),
                Arguments.of(Thread.State.NEW, "\"NEW\""),
                Arguments.of(new UUID(0, 1), "\"00000000-0000-0000-0000-000000000001\""),
                Arguments.of(Instant.EPOCH, "\"1970-01-01T00:00:00Z\""),
                Arguments.of(LocalDate.of(2026, 7, 9), "\"2026-07-09\""),
                Arguments.of(Duration.ofSeconds(90), "\"PT1M30S\""),
                Arguments.of(Map.of("at", Year.of(2026)), "{\"at\":\"2026\"}"),
                Arguments.of(json.toCharArray(), json),
                Arguments.of(CharBuffer.wrap(json), json),
                Arguments.of(
                        ByteBuffer.wrap(("x" + json).getBytes(StandardCharsets.UTF_8))
                                .position(1),
                        json),
                Arguments.of(Optional.of(json), json),
                Arguments.of(Optional.of(3), "3"),
                Arguments.of("\"text\"", "\"text\""),
                Arguments.of("[1, 2.50]", "[1,2.50]"),
                Arguments.of("null", "null"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void makesTheJsonValueThatTheBodyIs(Object body, String expected) {
        assertThat(payload(body)).contains(expected);
    }

    @Test
    void readsTheFileThatAPathNames(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("payload.json"), "{\"site\":\"nörd\"}");

        for (Object named : List.of(file, file.toFile(), Optional.of(file))) {
            assertThat(payload(named)).contains("{\"site\":\"nörd\"}");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> payload(folder.resolve("missing.json")))
                .withMessageContaining("missing.json");
    }

    @Test
    void readsTextInTheCharacterSetOfTheExchange() {
        byte[] latin = "\"ü\"".getBytes(StandardCharsets.ISO_8859_1);

        for (Object body : List.of(latin, new ByteArrayInputStream(latin), new StringReader("\"ü\""), "\"ü\"")) {
            Exchange exchange = exchange(body);
            exchange.setProperty(Exchange.CHARSET_NAME, "ISO-8859-1");

            assertThat(PayloadReader.payload(exchange, "dev").map(DpsJson::write))
                    .contains("\"ü\"");
        }
    }

    @Test
    void makesNoPayloadOfAnEmptyOptional() {
        assertThat(payload(Optional.empty())).isEmpty();
    }

    @Test
    void embedsThePayloadAsAValueAndNotAsText() {
        byte[] registration =
                DpsJson.registration("dev", PayloadReader.payload(exchange("{\"testData2\":{\"a\":\"b\"}}"), "dev"));

        assertThat(new String(registration, StandardCharsets.UTF_8))
                .isEqualTo("{\"registrationId\":\"dev\",\"payload\":{\"testData2\":{\"a\":\"b\"}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void makesNoPayloadOfAnEmptyBody(String body) {
        assertThat(payload(body)).isEmpty();
        assertThat(payload(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(payload(null)).isEmpty();
        assertThat(new String(DpsJson.registration("dev", Optional.empty()), StandardCharsets.UTF_8))
                .isEqualTo("{\"registrationId\":\"dev\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "{\"a\":", "{\"a\":1} {}", "'a'", "{a:1}"})
    void refusesTextThatIsNotJson(String body) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> payload(body))
                .withMessageContaining("is not JSON")
                .withMessageContaining(body)
                .withMessageContaining("without payload");
    }

    @Test
    void refusesABodyThatJacksonCannotConvert() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> payload(new Object()))
                .withMessageContaining("java.lang.Object")
                .withMessageContaining("can't become");
    }

    @Test
    void refusesAPayloadThatMakesAMessageAboveTheServicesLimit() {
        int room = 96 * 1024 - "{'registrationId':'dev','payload':''}".length();
        assertThat(payload("\"" + "x".repeat(room) + "\"")).isPresent();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> payload("\"" + "x".repeat(room + 1) + "\""))
                .withMessageContaining("98305 bytes")
                .withMessageContaining("at most 98304");
    }

    private static Optional<String> payload(Object body) {
        return PayloadReader.payload(exchange(body), "dev").map(DpsJson::write);
    }

    private static Exchange exchange(Object body) {
        Exchange exchange = new DefaultExchange(CONTEXT);
        exchange.getMessage().setBody(body);
        return exchange;
    }
}
