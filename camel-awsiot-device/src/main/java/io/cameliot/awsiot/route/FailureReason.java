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

import io.cameliot.awsiot.report.ExecutionRejectedException;
import io.cameliot.awsiot.service.ServiceLimits;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** The reason of a route's failure, in the form that AWS IoT requires. */
final class FailureReason {

    private static final int MAX_CODE = 64;
    private static final Pattern NO_CODE_CHARACTER = Pattern.compile("[^A-Z0-9_-]");
    private static final Pattern BEGIN_OF_WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

    private FailureReason() {}

    /** Returns whether a route has failed, or has marked its exchange for rollback only. */
    static boolean isFailed(Exchange exchange) {
        return exchange.isFailed() || exchange.isRollbackOnly();
    }

    /**
     * Returns the exception of a failed exchange, or the {@link ExecutionRejectedException} among its causes.
     *
     * @return null if the exchange was marked for rollback only
     */
    static Throwable of(Exchange exchange) {
        Throwable rejection = exchange.getException(ExecutionRejectedException.class);
        return rejection == null ? exchange.getException() : rejection;
    }

    /**
     * Returns one line of at most 1024 characters without control characters.
     *
     * @param failure null for a rollback without an exception
     */
    static String description(Throwable failure) {
        if (failure == null) {
            return "The route has rolled back";
        }
        String message = failure.getMessage();
        return oneLine(message == null || message.isBlank() ? failure.getClass().getName() : message);
    }

    /**
     * Replaces the characters that AWS IoT treats as control characters ({@code \p{C}}) by spaces, and truncates a text
     * that is too long.
     */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder();
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            int shown = ServiceLimits.isControl(codePoint) ? ' ' : codePoint;
            if (line.length() + Character.charCount(shown) > ServiceLimits.MAX_TEXT) {
                break;
            }
            line.appendCodePoint(shown);
        }
        return line.toString();
    }

    /**
     * Returns a reason code for an exception, from the name of its class: {@code FileNotFoundException} becomes
     * {@code FILE_NOT_FOUND_EXCEPTION}.
     *
     * @param failure null for a rollback without an exception
     */
    static String code(Throwable failure) {
        if (failure == null) {
            return "ROLLBACK";
        }
        String name = failure.getClass().getName();
        return code(
                BEGIN_OF_WORD.matcher(name.substring(name.lastIndexOf('.') + 1)).replaceAll("_"));
    }

    /** Returns a reason code for a text: in upper case, with an underscore for each forbidden character. */
    static String code(String text) {
        String code = NO_CODE_CHARACTER.matcher(text.toUpperCase(Locale.ROOT)).replaceAll("_");
        return code.length() > MAX_CODE ? code.substring(0, MAX_CODE) : code;
    }
}
