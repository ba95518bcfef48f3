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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson;

/**
 * A shadow as it is between two updates.
 *
 * @param desired what is wanted
 * @param reported what is
 * @param version counts updates
 */
public record ShadowDocument(ShadowSection desired, ShadowSection reported, long version) {
    /** What is wanted and is not so. */
    public ShadowSection delta() {
        return desired.differingFrom(reported);
    }

    /** What counts for the size of a shadow: metadata does not. */
    int bytes() {
        return StrictJson.write(sections(desired.state(), reported.state())).length;
    }

    /** As {@code update/documents} has it. */
    ObjectNode snapshot() {
        ObjectNode json = StrictJson.object();
        json.set("state", sections(desired.state(), reported.state()));
        json.set("metadata", sections(desired.metadata(), reported.metadata()));
        json.put("version", version);
        return json;
    }

    /** As the answer to a get has it. */
    ObjectNode toJson(long timestamp) {
        ObjectNode json = snapshot();
        ShadowSection delta = delta();
        if (!delta.isEmpty()) {
            ((ObjectNode) json.get("state")).set("delta", delta.state());
        }
        return json.put("timestamp", timestamp);
    }

    private static ObjectNode sections(ObjectNode desired, ObjectNode reported) {
        ObjectNode sections = StrictJson.object();
        if (!desired.isEmpty()) {
            sections.set("desired", desired);
        }
        if (!reported.isEmpty()) {
            sections.set("reported", reported);
        }
        return sections;
    }
}
