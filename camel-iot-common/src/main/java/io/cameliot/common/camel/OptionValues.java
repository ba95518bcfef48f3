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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.spi.UriParam;

/**
 * Converts numbers and durations, and says what is allowed. Camel reads a number as a duration too, and what it does
 * not understand of a duration as 0: {@code qos=wrong} would become quality of service 0, and
 * {@code registrationsPerMinute=x} no limit. A number that is too large would lose its upper bits.
 */
final class OptionValues {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]+");

    /** Camel's notation. */
    private static final Pattern DURATION = Pattern.compile(
            "(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m(?!s))?(?:([0-9]+)s)?(?:([0-9]+)ms)?", Pattern.DOTALL);

    private static final List<Duration> UNITS = List.of(
            Duration.ofDays(1),
            Duration.ofHours(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(1));

    private OptionValues() {}

    /**
     * Converts the text of a number, a duration, or a constant.
     *
     * @param value other values, and references to beans, are returned unchanged
     * @param type the type of the option; {@code long} is a duration in milliseconds
     * @throws IllegalArgumentException if the text is no such value
     */
    static Object converted(Object value, Class<?> type) {
        if (!(value instanceof String text) || text.startsWith("#")) {
            return value;
        }
        if (type == int.class || type == Integer.class) {
            return Math.toIntExact(wholeNumber(text.strip()));
        }
        if (type == long.class || type == Long.class) {
            return duration(text.strip()).toMillis();
        }
        if (type == Duration.class) {
            return duration(text.strip());
        }
        return type.isEnum() ? constant(text, type) : value;
    }

    /**
     * Returns the constant that a text names exactly, otherwise the text. Camel's converter first searches all converters
     * for one from text to a number: that took a fifth of the time in which {@code toD} resolves an endpoint.
     */
    private static Object constant(String text, Class<?> type) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        return text;
    }

    private static long wholeNumber(String text) {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw new NumberFormatException();
        }
        return Long.parseLong(text);
    }

    private static Duration duration(String text) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            return Duration.ofMillis(wholeNumber(text));
        }
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        Matcher parts = DURATION.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            throw new NumberFormatException();
        }
        Duration sum = Duration.ZERO;
        for (int unit = 0; unit < UNITS.size(); unit++) {
            if (parts.group(unit + 1) != null) {
                sum = sum.plus(UNITS.get(unit).multipliedBy(Long.parseLong(parts.group(unit + 1))));
            }
        }
        return sum;
    }

    /**
     * Says what an option takes.
     *
     * @param configuration the class whose fields are the options
     * @param cause kept where it tells more, such as a class that is not there
     */
    static IllegalArgumentException refusal(
            String option, Object value, Class<?> type, Class<?> configuration, Exception cause) {
        String allowed = allowed(option, type, described(option, configuration));
        return new IllegalArgumentException(
                "Option " + option + "=" + ForeignText.shown(String.valueOf(value)) + " is "
                        + (allowed == null
                                ? "no bean: give #name of a " + type.getName() + " in the registry"
                                : allowed),
                allowed == null ? cause : null);
    }

    /** Returns null for an option that takes a bean. */
    private static String allowed(String name, Class<?> type, Optional<UriParam> option) {
        if (type.isEnum()) {
            return "not one of " + Arrays.toString(type.getEnumConstants());
        }
        if (type == int.class || type == Integer.class) {
            return option.map(UriParam::enums)
                    .filter(values -> !values.isEmpty())
                    .map(values -> "not one of " + List.of(values.split(",")))
                    .orElse("not a whole number, " + Integer.MAX_VALUE + " at most");
        }
        if (type == long.class || type == Duration.class) {
            return "not a duration: give milliseconds, or numbers with units, such as 500ms, 30s, 5m, 1h30m or 7d";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "not true or false";
        }
        return option.map(UriParam::prefix)
                .filter(prefix -> !prefix.isEmpty())
                .map(prefix -> "no map: give each entry as " + prefix + "<name>=<value> in a URI, or as " + name
                        + ".<name>=<value> in a property of the component")
                .orElse(null);
    }

    private static Optional<UriParam> described(String option, Class<?> configuration) {
        return Stream.<Class<?>>iterate(configuration, Objects::nonNull, Class::getSuperclass)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> field.getName().equalsIgnoreCase(option))
                .map(field -> field.getAnnotation(UriParam.class))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
