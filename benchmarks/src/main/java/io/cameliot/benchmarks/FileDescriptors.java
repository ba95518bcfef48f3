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
package io.cameliot.benchmarks;

import com.sun.management.UnixOperatingSystemMXBean;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** The file descriptors that a case needs: the client and the broker need one for every connection. */
final class FileDescriptors {

    /** For the other files and sockets of a process, and for sockets of a client that is ending. */
    static final int BESIDES = 500;

    private FileDescriptors() {}

    /**
     * The maximum number of open file descriptors of this process and of its children, which inherit it. The JVM has
     * raised its own soft limit to the hard limit.
     */
    static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /**
     * Checks the limit.
     *
     * @throws IllegalStateException if a case needs more than the limit
     */
    static void require(List<BenchmarkCase> cases, long limit) {
        for (BenchmarkCase benchmark : cases) {
            int needed = benchmark.devices() + BESIDES;
            if (needed > limit) {
                throw new IllegalStateException(String.format(
                        Locale.ROOT,
                        "Case %s needs %d file descriptors in its client and in the broker, but a process may open %d here: raise the hard limit, such as by `ulimit -Hn %d` as root or `docker run --ulimit nofile=%d`, or choose other cases by --cases",
                        benchmark.id(),
                        needed,
                        limit,
                        needed,
                        needed));
            }
        }
    }
}
