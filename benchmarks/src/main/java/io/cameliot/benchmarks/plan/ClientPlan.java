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
 * @param jvmOptions of each process
 * @param roundsOfProcess how many rounds a process measures before another one takes its place
 * @param mostRounds how many rounds the case has at most, however many are asked for
 */
public record ClientPlan(List<String> jvmOptions, int roundsOfProcess, int mostRounds) {

    /** The heap neither grows nor shrinks nor meets a new page while something is measured. */
    private static final List<String> STEADY_HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");
    /** The heap takes what it needs, as in operation. A client that needs more ends at once and says so. */
    private static final List<String> BOUNDED_HEAP = List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError");

    /** Two processes in five rounds: compilers do not come to the same code each time. */
    static final ClientPlan WARM = new ClientPlan(STEADY_HEAP, 3, Integer.MAX_VALUE);
    /** For what a process can do only once. */
    static final ClientPlan NEW_EACH_ROUND = new ClientPlan(STEADY_HEAP, 1, Integer.MAX_VALUE);
    /** For what takes minutes. */
    static final ClientPlan ONCE = new ClientPlan(BOUNDED_HEAP, 1, 1);

    public ClientPlan {
        jvmOptions = List.copyOf(jvmOptions);
    }
}
