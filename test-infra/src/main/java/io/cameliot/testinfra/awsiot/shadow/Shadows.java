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
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The shadows of all things ("AWS IoT Device Shadow service" in the Developer Guide).
 *
 * <p>Assumptions about undocumented behaviour: every update that leaves a delta publishes it, even if the update did
 * not change it; before the first update {@code previous} is an empty document of version 0; a deletion is not an
 * update and has no version; an update that expects a version of a shadow that does not exist is a conflict.
 */
public final class Shadows {
    /** The maximum number of requests in flight from one connection to one thing's shadows. */
    public static final int IN_FLIGHT = 10;
    /** The maximum bytes of desired and reported state together. */
    public static final int DOCUMENT_BYTES = 8 * 1024;

    /** How long a deleted shadow keeps its version ("Interacting with shadows" in the Developer Guide). */
    private static final long VERSION_KEPT_SECONDS = 48 * 60 * 60;

    private static final ShadowDocument NONE = new ShadowDocument(ShadowSection.EMPTY, ShadowSection.EMPTY, 0);

    private final InstantSource clock;
    private final Map<ShadowId, ShadowDocument> documents = new HashMap<>();
    private final Map<ShadowId, Deleted> deleted = new HashMap<>();
    private final Set<String> missingThings = new HashSet<>();

    /** @param at in seconds since the epoch */
    private record Deleted(long version, long at) {}

    public Shadows(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Creates or deletes a thing. Initially there is a thing for every name.
     *
     * @param exists false to reject requests with {@code Thing not found}
     */
    public synchronized void thing(String name, boolean exists) {
        if (exists) {
            missingThings.remove(name);
        } else {
            missingThings.add(name);
        }
    }

    /** The current state of a shadow. */
    public synchronized Optional<ShadowDocument> find(ShadowId id) {
        return Optional.ofNullable(documents.get(id));
    }

    /** Returns the names of the things that have a shadow. */
    public synchronized Set<String> things() {
        return documents.keySet().stream().map(ShadowId::thing).collect(Collectors.toSet());
    }

    /** Returns the names of a thing's named shadows in alphabetical order. */
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
     * @throws ShadowRejectedException if the shadow does not exist
     */
    public synchronized ObjectNode get(ShadowId id, ShadowRequestDocument request) throws ShadowRejectedException {
        return request.answer(existing(id).toJson(now()));
    }

    /**
     * Changes or creates a shadow.
     *
     * @return the answer and the events
     * @throws ShadowRejectedException if the request is invalid, expects another version, or makes the shadow too large
     */
    public synchronized ShadowChange update(ShadowId id, ShadowRequestDocument request) throws ShadowRejectedException {
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
                (previous == NONE ? deletedVersion(id, now) : previous.version()) + 1);
        if (current.bytes() > DOCUMENT_BYTES) {
            throw ShadowRejectedException.tooLarge(current.bytes(), DOCUMENT_BYTES);
        }
        documents.put(id, current);
        return new ShadowChange(
                request.answer(accepted(update, current.version(), now)),
                delta(current, now).map(request::answer),
                request.answer(documents(previous, current, now)));
    }

    /** Returns the version of a deleted shadow, which the next one continues; 0 if there was none, or too long ago. */
    private long deletedVersion(ShadowId id, long now) {
        Deleted last = deleted.get(id);
        return last == null || now - last.at() > VERSION_KEPT_SECONDS ? 0 : last.version();
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
     * Deletes a shadow. Its versions continue if it is created again within 48 hours.
     *
     * @return the answer
     * @throws ShadowRejectedException if there is none
     */
    public synchronized ObjectNode delete(ShadowId id, ShadowRequestDocument request) throws ShadowRejectedException {
        long version = existing(id).version();
        long now = now();
        documents.remove(id);
        deleted.put(id, new Deleted(version, now));
        return request.answer(StrictJson.object().put("version", version).put("timestamp", now));
    }

    /** Creates the body of a rejecting answer. */
    public ObjectNode rejection(ShadowRejectedException reason, Optional<String> clientToken) {
        return ClientToken.echo(
                StrictJson.object()
                        .put("code", reason.code())
                        .put("message", reason.getMessage())
                        .put("timestamp", now()),
                clientToken);
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
