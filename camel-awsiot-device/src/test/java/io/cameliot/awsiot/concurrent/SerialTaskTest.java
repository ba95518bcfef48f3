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
package io.cameliot.awsiot.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SerialTaskTest {

    static Stream<Throwable> troubles() {
        return Stream.of(
                new OutOfMemoryError("in a test"),
                new NoClassDefFoundError("com/example/Missing"),
                new InternalError(),
                new IllegalStateException());
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void runsAgainAfterATaskThatFailed(Throwable trouble) {
        AtomicInteger runs = new AtomicInteger();
        SerialTask task = new SerialTask(Runnable::run, () -> {
            if (runs.incrementAndGet() == 1) {
                raise(trouble);
            }
        });

        task.signal();
        task.signal();

        assertThat(runs).hasValue(2);
    }

    private static void raise(Throwable trouble) {
        if (trouble instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) trouble;
    }
}
