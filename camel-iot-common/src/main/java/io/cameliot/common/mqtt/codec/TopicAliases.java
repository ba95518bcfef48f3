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
 * Topic aliases of one connection (MQTT 5 section 3.3.2.3.4). When all are assigned, the alias of the least recently
 * used topic is reassigned. Event loop only.
 */
public final class TopicAliases {

    /** Characters. A shorter topic takes fewer bytes than the property that carries its alias. */
    private static final int SHORTEST_TOPIC = 4;

    private final int maximum;
    private final Map<String, Integer> numbers;

    /**
     * Creates the table.
     *
     * @param maximum number of aliases that the server accepts; zero for none
     */
    public TopicAliases(int maximum) {
        this.maximum = maximum;
        this.numbers = new LinkedHashMap<>(16, 0.75f, true);
    }

    /** The alias that the server already knows for the topic; 0 for none. */
    public int known(String topic) {
        if (maximum == 0) {
            return 0;
        }
        Integer number = numbers.get(topic);
        return number == null ? 0 : number;
    }

    /** The alias to assign to a topic that has none; 0 for none. */
    public int next(String topic) {
        if (maximum == 0 || topic.length() < SHORTEST_TOPIC) {
            return 0;
        }
        return numbers.size() < maximum
                ? numbers.size() + 1
                : numbers.values().iterator().next();
    }

    /** Records that the packet which carries the topic and its alias was written. */
    public void assign(String topic, int number) {
        if (numbers.size() == maximum) {
            numbers.remove(numbers.keySet().iterator().next());
        }
        numbers.put(topic, number);
    }
}
