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

import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.TypeConverter;

/**
 * Converts values of a route to the bytes of a message. Camel's own type converters cannot convert a number, a date or
 * a {@link StringBuilder} to bytes, so they would refuse the result of {@code simple("${random(20,25)}")}.
 */
public final class PayloadBytes {

    private static final List<Class<?>> SCALARS = List.of(
            Number.class,
            Boolean.class,
            Character.class,
            Enum.class,
            UUID.class,
            TemporalAccessor.class,
            TemporalAmount.class,
            ZoneId.class,
            Date.class,
            Currency.class,
            Locale.class,
            URI.class);

    private PayloadBytes() {}

    /** Whether a value has one text that does not depend on the locale: a number, boolean, date, enum constant… */
    public static boolean isScalar(Object value) {
        return SCALARS.stream().anyMatch(type -> type.isInstance(value));
    }

    /** Returns the value of an {@link Optional}, null if it is empty; returns any other value unchanged. */
    public static Object unwrapped(Object value) {
        return value instanceof Optional<?> optional ? optional.orElse(null) : value;
    }

    /**
     * Converts a value. Text is encoded in the exchange's character set ({@link Exchange#CHARSET_NAME}), UTF-8 by
     * default; a {@link java.io.File} or {@link Path} is replaced by its content; null has no bytes; Camel's type
     * converters convert everything else. The value is not changed unless it can be read only once.
     *
     * @param what names the value in the exception, such as "message body"
     * @return an array that nobody else has, because a component may keep it after the exchange has continued, when a
     *     route may change its own
     * @throws IllegalArgumentException if the value cannot be converted or read
     */
    public static byte[] of(Exchange exchange, Object value, String what) {
        Object unwrapped = unwrapped(value);
        if (unwrapped == null) {
            return new byte[0];
        }
        if (unwrapped instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (unwrapped instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        if (unwrapped instanceof Path path) {
            return content(path, what);
        }
        return convert(exchange, textOr(unwrapped), what);
    }

    private static Object textOr(Object value) {
        if (value instanceof char[] characters) {
            return new String(characters);
        }
        return value instanceof CharSequence || isScalar(value) ? value.toString() : value;
    }

    private static byte[] content(Path path, String what) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The " + what + " is the path '" + path + "', and the file cannot be read: " + e, e);
        }
    }

    private static byte[] convert(Exchange exchange, Object value, String what) {
        TypeConverter converter = exchange.getContext().getTypeConverter();
        try {
            return converter.mandatoryConvertTo(byte[].class, exchange, value);
        } catch (NoTypeConversionAvailableException e) {
            throw noWay(value, what, "", e);
        } catch (TypeConversionException e) {
            // The exception's own message is not used, because it contains the whole value.
            throw noWay(value, what, " (" + ForeignText.shown(String.valueOf(e.getCause())) + ")", e);
        }
    }

    private static IllegalArgumentException noWay(Object value, String what, String reason, Exception cause) {
        return new IllegalArgumentException(
                "The " + what + " of type " + value.getClass().getName() + " cannot be turned into bytes" + reason
                        + ": make it text or bytes before, for example by marshal().json() or convertBodyTo(String.class)",
                cause);
    }
}
