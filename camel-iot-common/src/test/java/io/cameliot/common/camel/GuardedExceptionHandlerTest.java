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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedExceptionHandlerTest {

    private static final Exchange EXCHANGE = new DefaultExchange(new DefaultCamelContext());
    private static final Throwable FAILURE = new IllegalStateException("of the route");

    private final Recorder fallback = new Recorder(null);

    static Stream<Consumer<ExceptionHandler>> failures() {
        return Stream.of(
                handler -> handler.handleException(FAILURE),
                handler -> handler.handleException("message", FAILURE),
                handler -> handler.handleException("message", EXCHANGE, FAILURE));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void passesAFailureToTheHandlerOfTheUserAlone(Consumer<ExceptionHandler> failure) {
        Recorder handler = new Recorder(null);

        failure.accept(new GuardedExceptionHandler(handler, fallback));

        assertThat(handler.calls).isEqualTo(callsOf(failure)).hasSize(1);
        assertThat(fallback.calls).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void passesAFailureToTheOtherHandlerWhereThatOfTheUserThrows(Consumer<ExceptionHandler> failure) {
        failure.accept(new GuardedExceptionHandler(new Recorder(new IllegalStateException("thrown")), fallback));
        failure.accept(new GuardedExceptionHandler(new Recorder(new NoClassDefFoundError("thrown")), fallback));

        assertThat(fallback.calls).hasSize(2).containsOnly(callsOf(failure).get(0));
    }

    private static List<List<Object>> callsOf(Consumer<ExceptionHandler> failure) {
        Recorder direct = new Recorder(null);
        failure.accept(direct);
        return direct.calls;
    }

    /** Records the arguments of each call, and throws. */
    private static final class Recorder implements ExceptionHandler {

        private final List<List<Object>> calls = new ArrayList<>();
        private final Throwable thrown;

        Recorder(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public void handleException(Throwable exception) {
            record(exception);
        }

        @Override
        public void handleException(String message, Throwable exception) {
            record(message, exception);
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            record(message, exchange, exception);
        }

        private void record(Object... arguments) {
            calls.add(Arrays.asList(arguments));
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            } else if (thrown instanceof Error error) {
                throw error;
            }
        }
    }
}
