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

import io.cameliot.common.camel.PayloadBytes;
import io.cameliot.common.text.ForeignText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.NoTypeConversionAvailableException;

/**
 * Reads headers that a route sets. {@link Message#getHeader(String, Class)} returns null for a value that Camel cannot
 * convert, as if the header were absent, cuts off fractions and high bits of numbers, and converts a {@link Duration}
 * to milliseconds. These methods refuse such a value and name the header.
 *
 * <p>All methods return null if the header is absent or null, and throw an {@link IllegalArgumentException} if its
 * value is not of the type. Text may also be given as bytes, because other components put bytes into headers.
 */
public final class HeaderValues {

    private HeaderValues() {}

    /** Returns a header as text. */
    public static String text(Message message, String header) {
        Object value = value(message, header);
        return value == null ? null : convert(message, header, value, String.class, "text");
    }

    /** Returns a header that is true or false, as a Boolean or as text. */
    public static Boolean truth(Message message, String header) {
        Object value = value(message, header);
        return value == null ? null : convert(message, header, value, Boolean.class, "true or false");
    }

    /** Returns a header that is a whole number, as a number of any type or as text. */
    public static Long wholeNumber(Message message, String header) {
        return wholeNumber(message, header, "a whole number");
    }

    /**
     * Returns a header that is a time in whole seconds, as a number, as text or as a {@link Duration}. A part of a
     * second counts as a second, so that a short time is not zero.
     */
    public static Long seconds(Message message, String header) {
        Object value = value(message, header);
        if (value instanceof Duration time) {
            boolean roundedUp = time.getNano() > 0 && !time.isNegative();
            return time.getSeconds() + (roundedUp ? 1 : 0);
        }
        return wholeNumber(message, header, "a whole number of seconds or a java.time.Duration");
    }

    /** Returns a header that is a Map. */
    public static Map<?, ?> map(Message message, String header) {
        Object value = value(message, header);
        return value == null ? null : convert(message, header, value, Map.class, "a Map of names and values");
    }

    private static Long wholeNumber(Message message, String header, String expected) {
        Object value = value(message, header);
        if (value == null || value instanceof Long) {
            return (Long) value;
        }
        if (!(value instanceof Number || value instanceof String)) {
            // Camel converts a Date or a Duration to milliseconds, and a ByteBuffer to what its first bytes make.
            throw refused(header, value, expected, null);
        }
        try {
            return new BigDecimal(value.toString()).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw refused(header, value, expected, e);
        }
    }

    private static Object value(Message message, String header) {
        if (!message.hasHeaders()) {
            return null;
        }
        Object value = PayloadBytes.unwrapped(message.getHeader(header));
        return value instanceof byte[] || value instanceof CharSequence
                ? convert(message, header, value, String.class, "text")
                : value;
    }

    private static <T> T convert(Message message, String header, Object value, Class<T> type, String expected) {
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        try {
            return message.getExchange()
                    .getContext()
                    .getTypeConverter()
                    .mandatoryConvertTo(type, message.getExchange(), value);
        } catch (NoTypeConversionAvailableException | RuntimeException e) {
            throw refused(header, value, expected, e);
        }
    }

    private static IllegalArgumentException refused(String header, Object value, String expected, Exception cause) {
        String shown = value instanceof String || PayloadBytes.isScalar(value)
                ? "=" + ForeignText.shown(value.toString())
                : "";
        return new IllegalArgumentException(
                "Header " + header + shown + " of type " + value.getClass().getName() + " is not " + expected, cause);
    }
}
