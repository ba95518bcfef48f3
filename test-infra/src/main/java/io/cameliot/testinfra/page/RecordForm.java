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
package io.cameliot.testinfra.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A form for a record: one field for each component. Faults are records, so that a new fault appears on the page by
 * itself.
 */
final class RecordForm {
    private static final int MILLIS_PER_SECOND = 1_000;

    private final Class<?> type;

    RecordForm(Class<?> type) {
        this.type = type;
    }

    String name() {
        return type.getSimpleName();
    }

    /** Describes the fields: their names, their kinds, and the choices of an enumeration. */
    ObjectNode describe() {
        ObjectNode json = JsonReply.object().put("kind", name());
        ArrayNode fields = json.putArray("fields");
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode field =
                    fields.addObject().put("name", component.getName()).put("type", kind(component.getType()));
            if (component.getType().isEnum()) {
                ArrayNode choices = field.putArray("choices");
                Arrays.stream(component.getType().getEnumConstants())
                        .map(Object::toString)
                        .forEach(choices::add);
            }
        }
        return json;
    }

    private static String kind(Class<?> component) {
        if (component == int.class) {
            return "number";
        }
        if (component == OptionalInt.class) {
            return "optional number";
        }
        if (component == Duration.class) {
            return "seconds";
        }
        if (component == Map.class) {
            return "headers";
        }
        return component.isEnum() ? "choice" : "text";
    }

    /**
     * Creates the record.
     *
     * @param values the values of the fields by name, as text
     * @throws BadRequestException if a value is missing or not allowed; the message names the field
     */
    Object create(JsonNode values) throws BadRequestException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] =
                    argument(components[i], values.path(components[i].getName()).asText(""));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new BadRequestException(name() + ": " + e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("A fault is a record with a public constructor", e);
        }
    }

    private static Object argument(RecordComponent component, String text) throws BadRequestException {
        try {
            return switch (kind(component.getType())) {
                case "number" -> Integer.decode(text.trim());
                case "optional number" ->
                    text.isBlank() ? OptionalInt.empty() : OptionalInt.of(Integer.decode(text.trim()));
                case "seconds" -> Duration.ofMillis((long) (Double.parseDouble(text.trim()) * MILLIS_PER_SECOND));
                case "headers" -> headers(text);
                case "choice" ->
                    Arrays.stream(component.getType().getEnumConstants())
                            .filter(constant -> constant.toString().equals(text))
                            .findFirst()
                            .orElseThrow(IllegalArgumentException::new);
                default -> text;
            };
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(
                    component.getName() + ": '" + text + "' is not a " + kind(component.getType()));
        }
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : text.split("\\R")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).trim(),
                        line.substring(colon + 1).trim());
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException(line);
            }
        }
        return headers;
    }
}
