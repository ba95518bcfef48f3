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
package io.cameliot.common.mqtt.codec;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers that stand for topics on one connection (MQTT 5 section 3.3.2.3.4). When all are taken, the topic that was used
 * least lately gives its number away. Belongs to the event loop.
 */
public final class TopicAliases {

    /** Shorter topics cost less than the property that names their alias. */
    private static final int SHORTEST_TOPIC = 4;

    private final int maximum;
    private final Map<String, Integer> numbers;

    /** @param maximum how many the server remembers; zero for none */
    public TopicAliases(int maximum) {
        this.maximum = maximum;
        this.numbers = new LinkedHashMap<>(16, 0.75f, true);
    }

    /** The alias of a topic that the server knows already; 0 for none. */
    public int known(String topic) {
        if (maximum == 0) {
            return 0;
        }
        Integer number = numbers.get(topic);
        return number == null ? 0 : number;
    }

    /** The alias that a topic without one may get; 0 for none. */
    public int next(String topic) {
        if (maximum == 0 || topic.length() < SHORTEST_TOPIC) {
            return 0;
        }
        return numbers.size() < maximum
                ? numbers.size() + 1
                : numbers.values().iterator().next();
    }

    /** The packet that carries both, from which the server learns them, is on its way. */
    public void assign(String topic, int number) {
        if (numbers.size() == maximum) {
            numbers.remove(numbers.keySet().iterator().next());
        }
        numbers.put(topic, number);
    }
}
