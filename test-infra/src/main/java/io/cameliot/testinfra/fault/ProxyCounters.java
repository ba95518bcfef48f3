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
package io.cameliot.testinfra.fault;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a proxy. */
final class ProxyCounters {

    private final LongAdder accepted = new LongAdder();
    private final LongAdder struck = new LongAdder();
    private final Map<Direction, LongAdder> bytes = new EnumMap<>(Direction.class);

    ProxyCounters() {
        for (Direction direction : Direction.values()) {
            bytes.put(direction, new LongAdder());
        }
    }

    void connectionAccepted() {
        accepted.increment();
    }

    void faultStruck() {
        struck.increment();
    }

    void bytesPassed(Direction direction, int count) {
        bytes.get(direction).add(count);
    }

    long accepted() {
        return accepted.sum();
    }

    long struck() {
        return struck.sum();
    }

    long bytes(Direction direction) {
        return bytes.get(direction).sum();
    }
}
