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
package io.cameliot.benchmarks.plan;

import java.util.List;

/**
 * How the clients of a case run.
 *
 * @param jvmOptions JVM options of each process
 * @param roundsOfProcess number of rounds after which a new process replaces the old one
 * @param mostRounds maximum number of rounds of the case, even if more are requested
 */
public record ClientPlan(List<String> jvmOptions, int roundsOfProcess, int mostRounds) {

    /** During a measurement the heap does not grow, shrink or touch a new page. */
    private static final List<String> STEADY_HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");
    /** The heap grows as needed, as in operation. A client that needs more ends at once and reports it. */
    private static final List<String> BOUNDED_HEAP = List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError");

    /** Two processes in five rounds, because JIT compilers do not produce the same code each time. */
    static final ClientPlan WARM = new ClientPlan(STEADY_HEAP, 3, Integer.MAX_VALUE);
    /** For work that a process can do only once. */
    static final ClientPlan NEW_EACH_ROUND = new ClientPlan(STEADY_HEAP, 1, Integer.MAX_VALUE);
    /** For work that takes minutes. */
    static final ClientPlan ONCE = new ClientPlan(BOUNDED_HEAP, 1, 1);

    public ClientPlan {
        jvmOptions = List.copyOf(jvmOptions);
    }
}
