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
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an update is to change ("Request state document").
 *
 * @param desired the fields to set or, by null, to remove; JSON's null removes the section
 * @param reported as {@code desired}
 * @param expectedVersion the version that the shadow must have
 */
record ShadowUpdate(Optional<JsonNode> desired, Optional<JsonNode> reported, OptionalLong expectedVersion) {
    private static final int MOST_LEVELS = 6;

    static ShadowUpdate of(ObjectNode request) throws ShadowRejectedException {
        JsonNode state = request.get("state");
        if (state == null) {
            throw ShadowRejectedException.invalid("Missing required node: state");
        }
        if (!state.isObject()) {
            throw ShadowRejectedException.invalid("State node must be an object");
        }
        for (Iterator<String> names = state.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("desired") && !name.equals("reported")) {
                throw ShadowRejectedException.invalid("State contains an invalid node: '" + name + "'");
            }
        }
        return new ShadowUpdate(
                section(state.get("desired"), "Desired"),
                section(state.get("reported"), "Reported"),
                version(request.get("version")));
    }

    private static Optional<JsonNode> section(JsonNode section, String name) throws ShadowRejectedException {
        if (section == null || section.isNull()) {
            return Optional.ofNullable(section);
        }
        if (!section.isObject()) {
            throw ShadowRejectedException.invalid(name + " node must be an object");
        }
        if (levels(section) > MOST_LEVELS) {
            throw ShadowRejectedException.invalid(
                    "JSON contains too many levels of nesting; maximum is " + MOST_LEVELS);
        }
        if (hasNullInArray(section, false)) {
            throw ShadowRejectedException.invalid("State contains an invalid node");
        }
        return Optional.of(section);
    }

    /** Objects within objects, the section itself included. Whether AWS counts arrays too is not known; they do not count. */
    private static int levels(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, levels(child));
        }
        return node.isObject() ? deepest + 1 : deepest;
    }

    private static boolean hasNullInArray(JsonNode node, boolean inArray) {
        if (node.isNull()) {
            return inArray;
        }
        for (JsonNode child : node) {
            if (hasNullInArray(child, inArray || node.isArray())) {
                return true;
            }
        }
        return false;
    }

    private static OptionalLong version(JsonNode version) throws ShadowRejectedException {
        if (version == null || version.isNull()) {
            return OptionalLong.empty();
        }
        if (!version.isIntegralNumber() || !version.canConvertToLong() || version.longValue() < 0) {
            throw ShadowRejectedException.invalid("Invalid version");
        }
        return OptionalLong.of(version.longValue());
    }
}
