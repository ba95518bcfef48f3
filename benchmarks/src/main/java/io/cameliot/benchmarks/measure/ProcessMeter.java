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
package io.cameliot.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The resource use of this process, including native code and garbage collection. */
public final class ProcessMeter {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path SELF = Path.of("/proc/self");

    private ProcessMeter() {}

    /** CPU time of all threads since the start, in nanoseconds. */
    public static long cpuNanos() {
        return SYSTEM.getProcessCpuTime();
    }

    /** Bytes of the Java heap in use after garbage collection. */
    public static long heapBytes() {
        // Twice, because finalizers and cleaners release objects only for the second one.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    public static long residentBytes() {
        return 1024L * status("VmRSS:");
    }

    /** The number of all threads, including native ones. */
    public static long threads() {
        return status("Threads:");
    }

    public static long sockets() {
        try (Stream<Path> descriptors = Files.list(SELF.resolve("fd"))) {
            return descriptors.filter(ProcessMeter::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // Closed since the listing.
            return false;
        }
    }

    private static long status(String name) {
        try (Stream<String> lines = Files.lines(SELF.resolve("status"))) {
            String line =
                    lines.filter(text -> text.startsWith(name)).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
