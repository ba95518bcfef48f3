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
package io.cameliot.common.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HeaderValuesTest {

    private static final String HEADER = "CamelTestHeader";
    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();

    /** Reads a header as a type. */
    private enum Reader {
        TEXT(HeaderValues::text),
        TRUTH(HeaderValues::truth),
        WHOLE_NUMBER(HeaderValues::wholeNumber),
        SECONDS(HeaderValues::seconds),
        MAP(HeaderValues::map);

        private final BiFunction<Message, String, Object> method;

        Reader(BiFunction<Message, String, Object> method) {
            this.method = method;
        }

        Object read(Object value) {
            Message message = new DefaultExchange(CONTEXT).getMessage();
            message.setHeader(HEADER, value);
            return method.apply(message, HEADER);
        }
    }

    @BeforeAll
    static void startContext() {
        CONTEXT.start();
    }

    @AfterAll
    static void closeContext() throws Exception {
        CONTEXT.close();
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(Reader.TEXT, "a", "a"),
                Arguments.of(Reader.TEXT, bytes("ü"), "ü"),
                Arguments.of(Reader.TEXT, new StringBuilder("built"), "built"),
                Arguments.of(Reader.TEXT, 17, "17"),
                Arguments.of(Reader.TEXT, Optional.of("o"), "o"),
                Arguments.of(Reader.TRUTH, true, true),
                Arguments.of(Reader.TRUTH, "false", false),
                Arguments.of(Reader.TRUTH, bytes("TRUE"), true),
                Arguments.of(Reader.WHOLE_NUMBER, 1, 1L),
                Arguments.of(Reader.WHOLE_NUMBER, Long.MAX_VALUE, Long.MAX_VALUE),
                Arguments.of(Reader.WHOLE_NUMBER, "-3", -3L),
                Arguments.of(Reader.WHOLE_NUMBER, bytes("1"), 1L),
                Arguments.of(Reader.WHOLE_NUMBER, 2.0, 2L),
                Arguments.of(Reader.WHOLE_NUMBER, new BigDecimal("300.00"), 300L),
                Arguments.of(Reader.WHOLE_NUMBER, new AtomicInteger(7), 7L),
                Arguments.of(Reader.SECONDS, 60, 60L),
                Arguments.of(Reader.SECONDS, "60", 60L),
                Arguments.of(Reader.SECONDS, Duration.ofMinutes(5), 300L),
                Arguments.of(Reader.SECONDS, Duration.ofMillis(1), 1L),
                Arguments.of(Reader.SECONDS, Duration.ofMillis(1_999), 2L),
                Arguments.of(Reader.SECONDS, Duration.ofMillis(-1), -1L),
                Arguments.of(Reader.SECONDS, Duration.ZERO, 0L),
                Arguments.of(Reader.MAP, Map.of("a", 1), Map.of("a", 1)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void readsAValueOfTheType(Reader reader, Object value, Object expected) {
        assertThat(reader.read(value)).isEqualTo(expected);
    }

    static Stream<Arguments> absent() {
        return Stream.of(Reader.values())
                .flatMap(reader -> Stream.of(Arguments.of(reader, null), Arguments.of(reader, Optional.empty())));
    }

    @ParameterizedTest
    @MethodSource("absent")
    void returnsNullWithoutAValue(Reader reader, Object value) {
        assertThat(reader.read(value)).isNull();
    }

    static Stream<Arguments> otherValues() {
        return Stream.of(
                Arguments.of(Reader.TRUTH, "yes", "=yes of type java.lang.String is not true or false"),
                Arguments.of(Reader.TRUTH, "", "= of type java.lang.String is not true or false"),
                Arguments.of(Reader.TRUTH, new Bean(), " of type " + Bean.class.getName() + " is not true or false"),
                Arguments.of(Reader.WHOLE_NUMBER, "fast", "=fast of type java.lang.String is not a whole number"),
                Arguments.of(Reader.WHOLE_NUMBER, "a\nb", "=a\\nb of type java.lang.String is not a whole number"),
                Arguments.of(Reader.WHOLE_NUMBER, 1.5, "=1.5 of type java.lang.Double is not a whole number"),
                Arguments.of(Reader.WHOLE_NUMBER, Double.NaN, "=NaN of type java.lang.Double is not a whole number"),
                Arguments.of(
                        Reader.WHOLE_NUMBER,
                        new BigDecimal("1e30"),
                        "=1E+30 of type java.math.BigDecimal is not a whole number"),
                Arguments.of(Reader.WHOLE_NUMBER, true, "=true of type java.lang.Boolean is not a whole number"),
                Arguments.of(
                        Reader.WHOLE_NUMBER,
                        Duration.ofSeconds(1),
                        "=PT1S of type java.time.Duration is not a whole number"),
                Arguments.of(
                        Reader.WHOLE_NUMBER,
                        ByteBuffer.wrap(new byte[8]),
                        " of type java.nio.HeapByteBuffer is not a whole number"),
                Arguments.of(
                        Reader.SECONDS,
                        "5m",
                        "=5m of type java.lang.String is not a whole number of seconds or a java.time.Duration"),
                Arguments.of(
                        Reader.SECONDS,
                        new Bean(),
                        " of type " + Bean.class.getName()
                                + " is not a whole number of seconds or a java.time.Duration"),
                Arguments.of(Reader.MAP, "{}", "={} of type java.lang.String is not a Map of names and values"),
                Arguments.of(Reader.MAP, bytes("{}"), "={} of type java.lang.String is not a Map of names and values"),
                Arguments.of(
                        Reader.MAP,
                        new Bean(),
                        " of type " + Bean.class.getName() + " is not a Map of names and values"));
    }

    @ParameterizedTest
    @MethodSource("otherValues")
    void refusesAValueOfAnotherTypeByTheNameOfTheHeader(Reader reader, Object value, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(value))
                .withMessage("Header " + HEADER + reason);
    }

    /** Camel would convert it to milliseconds. */
    @ParameterizedTest
    @MethodSource("dates")
    void refusesADateWhereANumberIsExpected(Reader reader) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(new Date(0)))
                .withMessageStartingWith("Header " + HEADER + "=")
                .withMessageContaining("of type java.util.Date is not a whole number");
    }

    static Stream<Reader> dates() {
        return Stream.of(Reader.WHOLE_NUMBER, Reader.SECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A type that Camel cannot convert. */
    private static final class Bean {}
}
