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
package io.cameliot.common.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadBytesTest {

    private static final DefaultCamelContext CONTEXT = new DefaultCamelContext();

    @TempDir
    private Path folder;

    @BeforeAll
    static void startContext() {
        CONTEXT.start();
    }

    @AfterAll
    static void closeContext() throws Exception {
        CONTEXT.close();
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(21, "21"),
                Arguments.of(-9_000_000_000L, "-9000000000"),
                Arguments.of((short) 3, "3"),
                Arguments.of((byte) 4, "4"),
                Arguments.of(1.5, "1.5"),
                Arguments.of(1234567.25f, "1234567.2"),
                Arguments.of(new BigDecimal("1234.50"), "1234.50"),
                Arguments.of(new BigInteger("123456789012345678901"), "123456789012345678901"),
                Arguments.of(new AtomicLong(7), "7"),
                Arguments.of(true, "true"),
                Arguments.of('ü', "ü"),
                Arguments.of(TimeUnit.DAYS, "DAYS"),
                Arguments.of(new UUID(1, 2), "00000000-0000-0001-0000-000000000002"),
                Arguments.of(Instant.EPOCH, "1970-01-01T00:00:00Z"),
                Arguments.of(LocalDate.of(2026, 7, 9), "2026-07-09"),
                Arguments.of(ZonedDateTime.parse("2026-07-09T10:15:30+02:00"), "2026-07-09T10:15:30+02:00"),
                Arguments.of(Year.of(2026), "2026"),
                Arguments.of(Duration.ofSeconds(90), "PT1M30S"),
                Arguments.of(Period.ofDays(3), "P3D"),
                Arguments.of(ZoneId.of("Europe/Berlin"), "Europe/Berlin"),
                Arguments.of(URI.create("urn:x"), "urn:x"),
                Arguments.of("text ü", "text ü"),
                Arguments.of(new StringBuilder("built"), "built"),
                Arguments.of(new StringBuffer("buffered"), "buffered"),
                Arguments.of(CharBuffer.wrap("characters"), "characters"),
                Arguments.of("array".toCharArray(), "array"),
                Arguments.of(Optional.of(3), "3"),
                Arguments.of(Optional.of("o"), "o"),
                Arguments.of(Optional.empty(), ""),
                Arguments.of(null, ""),
                Arguments.of(new StringReader("read ü"), "read ü"),
                Arguments.of("bytes".getBytes(StandardCharsets.UTF_8), "bytes"),
                Arguments.of(new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)), "stream"),
                Arguments.of(new InputStreamCache("cached".getBytes(StandardCharsets.UTF_8)), "cached"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void convertsAValueToTheSameTextInEveryLocale(Object value, String expected) {
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("en", "tr-TR", "ar-EG-u-nu-arab", "de")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                if (!(value instanceof AutoCloseable || value instanceof InputStreamCache) || tag.equals("en")) {
                    assertThat(text(exchange(), value)).isEqualTo(expected);
                }
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void givesBytesThatStayAsTheyAreWhenTheRouteChangesItsArray() {
        byte[] array = {1};
        for (Object value : List.of(array, Optional.of(array), ByteBuffer.wrap(array), new InputStreamCache(array))) {
            array[0] = 1;
            byte[] bytes = PayloadBytes.of(exchange(), value, "body");

            array[0] = 2;
            assertThat(bytes).as("of %s", value.getClass()).containsExactly(1);
        }
    }

    @Test
    void encodesTextInTheCharacterSetOfTheExchange() {
        Exchange exchange = exchange();
        exchange.setProperty(Exchange.CHARSET_NAME, "ISO-8859-1");

        for (Object text : List.of("ü", new StringBuilder("ü"), 'ü', new StringReader("ü"), new char[] {'ü'})) {
            assertThat(PayloadBytes.of(exchange, text, "body")).containsExactly(0xFC);
        }
    }

    @Test
    void readsTheRemainingBytesOfABufferWithoutConsumingThem() {
        for (ByteBuffer buffer : List.of(ByteBuffer.wrap("hello!".getBytes()), ByteBuffer.allocateDirect(6))) {
            buffer.duplicate().put("hello!".getBytes());
            buffer.position(1).limit(5);

            assertThat(text(exchange(), buffer)).isEqualTo("ello");
            assertThat(text(exchange(), buffer.asReadOnlyBuffer())).isEqualTo("ello");
            assertThat(buffer.remaining()).isEqualTo(4);
        }
    }

    @Test
    void readsTheContentOfAFileOrPath() throws Exception {
        Path file = Files.writeString(folder.resolve("reading.json"), "{\"t\":21}");

        for (Object named : List.of(file, file.toFile(), Optional.of(file))) {
            assertThat(text(exchange(), named)).isEqualTo("{\"t\":21}");
        }
    }

    @Test
    void refusesAFileThatCannotBeRead() {
        Path missing = folder.resolve("missing.json");

        for (Object named : List.of(missing, missing.toFile(), folder)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PayloadBytes.of(exchange(), named, "message body"))
                    .withMessageStartingWith("The message body ");
        }
    }

    static Stream<Object> others() {
        return Stream.of(Map.of("a", 1), List.of("a"), new int[] {1}, Optional.of(List.of(1)), File.class);
    }

    @ParameterizedTest
    @MethodSource("others")
    void explainsHowToConvertAValueWithoutText(Object value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PayloadBytes.of(exchange(), value, "message body"))
                .withMessageContaining("The message body of type "
                        + PayloadBytes.unwrapped(value).getClass().getName())
                .withMessageContaining("marshal().json()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-charset", "?"})
    void refusesACharacterSetThatDoesNotExist(String name) {
        Exchange exchange = exchange();
        exchange.setProperty(Exchange.CHARSET_NAME, name);

        assertThatIllegalArgumentException().isThrownBy(() -> PayloadBytes.of(exchange, 21, "message body"));
    }

    private static String text(Exchange exchange, Object value) {
        return new String(PayloadBytes.of(exchange, value, "message body"), StandardCharsets.UTF_8);
    }

    private static Exchange exchange() {
        return new DefaultExchange(CONTEXT);
    }
}
