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
package io.cameliot.testinfra.awsiot.shadow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import java.util.Comparator;

/**
 * One side of a shadow, desired or reported, or what differs between them.
 *
 * @param state the values; not to be changed
 * @param metadata when each value was last set; not to be changed
 */
public record ShadowSection(ObjectNode state, ObjectNode metadata) {
    static final ShadowSection EMPTY = new ShadowSection(StrictJson.object(), StrictJson.object());

    /** Numbers that are equal are not different, however they are written. */
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.equals(other)
                    || (one.isNumber() && other.isNumber() && one.decimalValue().compareTo(other.decimalValue()) == 0)
            ? 0
            : 1;

    public boolean isEmpty() {
        return state.isEmpty();
    }

    /** This section changed: null removes a field, an array is replaced, an object is merged. */
    ShadowSection merge(JsonNode change, long timestamp) {
        if (change.isNull()) {
            return EMPTY;
        }
        ShadowSection merged = new ShadowSection(state.deepCopy(), metadata.deepCopy());
        merge(merged.state, merged.metadata, change, timestamp);
        return merged;
    }

    private static void merge(ObjectNode state, ObjectNode metadata, JsonNode change, long timestamp) {
        change.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (value.isNull()) {
                state.remove(name);
                metadata.remove(name);
            } else if (value.isObject()) {
                if (!(state.get(name) instanceof ObjectNode)) {
                    state.putObject(name);
                    metadata.putObject(name);
                }
                merge((ObjectNode) state.get(name), (ObjectNode) metadata.get(name), value, timestamp);
            } else {
                state.set(name, value);
                metadata.set(name, metadataOf(value, timestamp));
            }
        });
    }

    /** The metadata of an answer, which has the fields that were sent; fields that were removed have none here. */
    static JsonNode metadataOf(JsonNode value, long timestamp) {
        if (value.isObject()) {
            ObjectNode metadata = StrictJson.object();
            value.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> metadata.set(field.getKey(), metadataOf(field.getValue(), timestamp)));
            return metadata;
        }
        if (value.isArray()) {
            ArrayNode metadata = StrictJson.object().arrayNode();
            value.forEach(element -> metadata.add(metadataOf(element, timestamp)));
            return metadata;
        }
        return StrictJson.object().put("timestamp", timestamp);
    }

    /** What of this section another one lacks or has otherwise, each with its whole path. */
    ShadowSection differingFrom(ShadowSection other) {
        ShadowSection delta = new ShadowSection(StrictJson.object(), StrictJson.object());
        collectDifferences(this, other.state, delta);
        return delta;
    }

    private static void collectDifferences(ShadowSection wanted, ObjectNode actual, ShadowSection delta) {
        wanted.state.properties().forEach(field -> {
            String name = field.getKey();
            JsonNode value = field.getValue();
            JsonNode present = actual.get(name);
            if (value instanceof ObjectNode inner && present instanceof ObjectNode presentInner) {
                ShadowSection innerDelta = new ShadowSection(StrictJson.object(), StrictJson.object());
                collectDifferences(
                        new ShadowSection(inner, (ObjectNode) wanted.metadata.get(name)), presentInner, innerDelta);
                if (!innerDelta.isEmpty()) {
                    delta.state.set(name, innerDelta.state);
                    delta.metadata.set(name, innerDelta.metadata);
                }
            } else if (present == null || !value.equals(BY_VALUE, present)) {
                delta.state.set(name, value);
                delta.metadata.set(name, wanted.metadata.get(name));
            }
        });
    }
}
