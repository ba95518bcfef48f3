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
package io.cameliot.awsiot;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Watches that a test leaves no thread of the component behind. */
final class Threads {

    private Threads() {}

    static void assertNoneLeft() {
        await("threads of the component")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(10))
                .until(Threads::ofComponent, Set::isEmpty);
    }

    private static Set<String> ofComponent() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("AwsIotDevice")
                        || thread.getName().startsWith("MQTT "))
                .map(thread -> thread.getName() + Arrays.toString(thread.getStackTrace()))
                .collect(Collectors.toSet());
    }
}
