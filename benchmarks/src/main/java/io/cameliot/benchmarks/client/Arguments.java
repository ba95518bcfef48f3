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
package io.cameliot.benchmarks.client;

import io.cameliot.benchmarks.server.ServerAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a measurement, passed to its process as words of the form {@code name=value}. */
public record Arguments(Map<String, String> values) {

    /**
     * The topic to which the client subscribes and its parent publishes. Each client has its own, because all are
     * connected at the same time.
     */
    public static final String TOPIC = "topic";

    /** The number of identities of a fleet that connect during the measurement, or before it if the fleet publishes. */
    public static final String CONNECTIONS = "connections";

    /** The number of identities that connect before those. */
    public static final String WARMUP_CONNECTIONS = "warmupConnections";

    public Arguments {
        values = Map.copyOf(values);
    }

    static Arguments parse(String... words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : words) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + argument + "' is not of the form name=value");
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new Arguments(values);
    }

    /** The words for {@link #parse}. */
    public List<String> words() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    public Arguments with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, String.valueOf(value));
        return new Arguments(more);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("'" + name + "' is missing in " + values.keySet());
        }
        return value;
    }

    /** Whether the argument exists. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    /** A duration in seconds. */
    public double seconds(String name) {
        return Double.parseDouble(text(name));
    }

    public ServerAddress server() {
        return new ServerAddress(number("port"), Path.of(text("directory")));
    }
}
