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
package io.cameliot.awsiot.catchup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The deltas of a shadow, by version. The delta of an update has the same version as its accepted answer, and the two
 * arrive in either order, so only a smaller version is older. The versions of a deleted shadow continue when it is
 * created again, but after 48 hours they begin anew. Between documents that are further apart the time decides.
 *
 * <p>A new shadow whose version happens to be that of the latest delta is taken for the old one.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html">AWS IoT Developer
 *     Guide, Device Shadow service documents</a>
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-data-flow.html">AWS IoT Developer
 *     Guide, Interacting with shadows</a>
 */
final class SeenDeltas implements SeenState {

    private static final String STATE = "state";
    private static final String DELTA = "delta";
    private static final String VERSION = "version";
    private static final String TIMESTAMP = "timestamp";
    private static final String METADATA = "metadata";
    private static final long NONE = -1;
    private static final long VERSION_KEPT_SECONDS = 48 * 60 * 60;

    private long known = NONE; // guarded by this: the largest version
    private long latest; // guarded by this: the latest timestamp of a document with that version, in seconds
    private long given = NONE; // guarded by this: version of the latest delta that the route got

    @Override
    public synchronized JsonNode event(JsonNode shadow) {
        JsonNode delta = shadow.path(STATE).path(DELTA);
        if (!delta.isObject() || delta.isEmpty()) {
            // There is no difference as of this version, so an earlier delta is outdated.
            remember(shadow);
            return null;
        }
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.set(VERSION, shadow.path(VERSION));
        event.set(TIMESTAMP, shadow.path(TIMESTAMP));
        event.set(STATE, delta);
        event.set(METADATA, metadataOf(delta, shadow.path(METADATA).path("desired")));
        return event;
    }

    /** Returns the metadata of the delta's own fields only, as in a delta of AWS IoT. */
    private static JsonNode metadataOf(JsonNode delta, JsonNode metadata) {
        if (!delta.isObject() || !metadata.isObject()) {
            return metadata;
        }
        ObjectNode of = JsonNodeFactory.instance.objectNode();
        delta.fields().forEachRemaining(field -> {
            JsonNode found = metadata.get(field.getKey());
            if (found != null) {
                of.set(field.getKey(), metadataOf(field.getValue(), found));
            }
        });
        return of;
    }

    @Override
    public synchronized boolean isNews(JsonNode event) {
        long version = version(event);
        if (version == NONE) {
            return true;
        }
        if (!remember(event) || version == given) {
            return false;
        }
        given = version;
        return true;
    }

    /** Remembers the version of a document, unless the document is older than a remembered one; then returns false. */
    private boolean remember(JsonNode document) {
        long version = version(document);
        long timestamp = document.path(TIMESTAMP).asLong(latest);
        long later = timestamp - latest;
        if (Math.abs(later) > VERSION_KEPT_SECONDS ? later < 0 : version < known) {
            return false;
        }
        if (version < known) {
            given = NONE;
        }
        known = version;
        latest = Math.max(latest, timestamp);
        return true;
    }

    private static long version(JsonNode document) {
        return document.path(VERSION).asLong(NONE);
    }
}
