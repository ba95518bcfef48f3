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
import io.cameliot.testinfra.awsiot.json.StrictJson;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The shadows of all things ("AWS IoT Device Shadow service" in the Developer Guide).
 *
 * <p>Not documented, and decided here: an update's delta is told after each update that leaves one, also if the update did
 * not touch it; before the first update {@code previous} is an empty document of version 0; a deletion is no update and
 * takes no version; an update that expects a version of a shadow that does not exist is a conflict.
 */
public final class Shadows {
    /** The most requests of one connection to one thing's shadows at a time. */
    public static final int IN_FLIGHT = 10;
    /** The most bytes that desired and reported state may have together. */
    public static final int DOCUMENT_BYTES = 8 * 1024;

    private static final ShadowDocument NONE = new ShadowDocument(ShadowSection.EMPTY, ShadowSection.EMPTY, 0);

    private final InstantSource clock;
    private final Map<ShadowId, ShadowDocument> documents = new HashMap<>();
    /** The last version of each shadow that has been deleted: its next one counts on. */
    private final Map<ShadowId, Long> deletedVersions = new HashMap<>();

    private final Set<String> missingThings = new HashSet<>();

    public Shadows(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Whether there is such a thing. All there are, until a test says otherwise.
     *
     * @param exists false for {@code Thing not found}
     */
    public synchronized void thing(String name, boolean exists) {
        if (exists) {
            missingThings.remove(name);
        } else {
            missingThings.add(name);
        }
    }

    /** A shadow as it is. */
    public synchronized Optional<ShadowDocument> find(ShadowId id) {
        return Optional.ofNullable(documents.get(id));
    }

    /** The names of a thing's named shadows, in order. */
    public synchronized List<String> names(String thing) throws ShadowRejectedException {
        requireThing(thing);
        return documents.keySet().stream()
                .filter(id -> id.thing().equals(thing) && !id.isClassic())
                .map(ShadowId::name)
                .sorted()
                .toList();
    }

    /**
     * Reads a shadow.
     *
     * @return the answer
     * @throws ShadowRejectedException if there is none
     */
    public synchronized ObjectNode get(ShadowId id, ShadowRequest request) throws ShadowRejectedException {
        return request.answer(existing(id).toJson(now()));
    }

    /**
     * Changes a shadow, or makes it.
     *
     * @return the answer and the events
     * @throws ShadowRejectedException if the request is not right, expects another version, or makes the shadow too large
     */
    public synchronized ShadowChange update(ShadowId id, ShadowRequest request) throws ShadowRejectedException {
        requireThing(id.thing());
        ShadowUpdate update = ShadowUpdate.of(request.body());
        ShadowDocument previous = documents.getOrDefault(id, NONE);
        if (update.expectedVersion().isPresent()
                && (previous == NONE || update.expectedVersion().getAsLong() != previous.version())) {
            throw ShadowRejectedException.versionConflict();
        }
        long now = now();
        ShadowDocument current = new ShadowDocument(
                merged(previous.desired(), update.desired(), now),
                merged(previous.reported(), update.reported(), now),
                (previous == NONE ? deletedVersions.getOrDefault(id, 0L) : previous.version()) + 1);
        if (current.bytes() > DOCUMENT_BYTES) {
            throw ShadowRejectedException.tooLarge(current.bytes(), DOCUMENT_BYTES);
        }
        documents.put(id, current);
        return new ShadowChange(
                request.answer(accepted(update, current.version(), now)),
                delta(current, now).map(request::answer),
                request.answer(documents(previous, current, now)));
    }

    private static ShadowSection merged(ShadowSection section, Optional<JsonNode> change, long now) {
        return change.map(fields -> section.merge(fields, now)).orElse(section);
    }

    private static ObjectNode accepted(ShadowUpdate update, long version, long now) {
        ObjectNode answer = StrictJson.object();
        ObjectNode state = answer.putObject("state");
        ObjectNode metadata = answer.putObject("metadata");
        accept("desired", update.desired(), now, state, metadata);
        accept("reported", update.reported(), now, state, metadata);
        return answer.put("version", version).put("timestamp", now);
    }

    private static void accept(
            String name, Optional<JsonNode> section, long now, ObjectNode state, ObjectNode metadata) {
        section.ifPresent(fields -> {
            state.set(name, fields);
            if (!fields.isNull()) {
                metadata.set(name, ShadowSection.metadataOf(fields, now));
            }
        });
    }

    private static Optional<ObjectNode> delta(ShadowDocument current, long now) {
        ShadowSection delta = current.delta();
        if (delta.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode event = StrictJson.object();
        event.set("state", delta.state());
        event.set("metadata", delta.metadata());
        return Optional.of(event.put("version", current.version()).put("timestamp", now));
    }

    private static ObjectNode documents(ShadowDocument previous, ShadowDocument current, long now) {
        ObjectNode event = StrictJson.object();
        event.set("previous", previous.snapshot());
        event.set("current", current.snapshot());
        return event.put("timestamp", now);
    }

    /**
     * Deletes a shadow; its versions go on if it comes back.
     *
     * @return the answer
     * @throws ShadowRejectedException if there is none
     */
    public synchronized ObjectNode delete(ShadowId id, ShadowRequest request) throws ShadowRejectedException {
        long version = existing(id).version();
        documents.remove(id);
        deletedVersions.put(id, version);
        return request.answer(StrictJson.object().put("version", version).put("timestamp", now()));
    }

    /** The body of a rejected answer. */
    public ObjectNode rejection(ShadowRejectedException reason, Optional<String> clientToken) {
        return new ShadowRequest(StrictJson.object(), clientToken)
                .answer(StrictJson.object()
                        .put("code", reason.code())
                        .put("message", reason.getMessage())
                        .put("timestamp", now()));
    }

    private ShadowDocument existing(ShadowId id) throws ShadowRejectedException {
        requireThing(id.thing());
        ShadowDocument document = documents.get(id);
        if (document == null) {
            throw ShadowRejectedException.noSuchShadow(id);
        }
        return document;
    }

    private void requireThing(String name) throws ShadowRejectedException {
        if (missingThings.contains(name)) {
            throw ShadowRejectedException.noSuchThing();
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
