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
package io.cameliot.testinfra.awsiot.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.service.DeviceServices;
import io.cameliot.testinfra.awsiot.shadow.ShadowDocument;
import io.cameliot.testinfra.awsiot.shadow.ShadowId;
import io.cameliot.testinfra.awsiot.shadow.ShadowRejectedException;
import io.cameliot.testinfra.awsiot.shadow.ShadowSection;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * A thing's shadow. What is changed here devices are told, as of the change of an application: by {@code update/delta},
 * {@code update/documents} and {@code update/accepted}.
 */
public final class ThingShadow {
    private final DeviceServices services;
    private final ShadowId id;

    ThingShadow(DeviceServices services, ShadowId id) {
        this.services = services;
        this.id = id;
    }

    /** Whether it exists: whether it has been updated since it was last deleted. */
    public boolean exists() {
        return services.findShadow(id).isPresent();
    }

    /**
     * Counts updates, also those before a deletion.
     *
     * @return 0 if it does not exist
     */
    public long version() {
        return services.findShadow(id).map(ShadowDocument::version).orElse(0L);
    }

    /**
     * What is wanted of the device.
     *
     * @return a copy; without fields if there is nothing
     */
    public ObjectNode desired() {
        return state(ShadowDocument::desired);
    }

    /**
     * What the device says of itself.
     *
     * @return a copy; without fields if there is nothing
     */
    public ObjectNode reported() {
        return state(ShadowDocument::reported);
    }

    /**
     * What is wanted and is not so.
     *
     * @return a copy; without fields if there is nothing
     */
    public ObjectNode delta() {
        return state(ShadowDocument::delta);
    }

    private ObjectNode state(Function<ShadowDocument, ShadowSection> section) {
        Optional<ShadowDocument> document = services.findShadow(id);
        return document.map(section).map(found -> found.state().deepCopy()).orElseGet(StrictJson::object);
    }

    /**
     * Changes what is wanted: fields are merged, null removes one.
     *
     * @param json an object, such as {@code {"light":"on"}}, or {@code null} for nothing at all
     * @return the version
     * @throws IllegalArgumentException if AWS would reject it
     */
    public long setDesired(String json) {
        return update("{\"state\":{\"desired\":" + json + "}}");
    }

    /**
     * Changes what is reported, as the device would.
     *
     * @param json as for {@link #setDesired}
     * @return the version
     * @throws IllegalArgumentException if AWS would reject it
     */
    public long setReported(String json) {
        return update("{\"state\":{\"reported\":" + json + "}}");
    }

    /**
     * Sends an update.
     *
     * @param document the whole request, such as {@code {"state":{…},"version":3}}
     * @return the version
     * @throws IllegalArgumentException if AWS would reject it
     */
    public long update(String document) {
        try {
            byte[] accepted = services.updateShadow(id, document.getBytes(StandardCharsets.UTF_8));
            return StrictJson.read(new String(accepted, StandardCharsets.UTF_8))
                    .get("version")
                    .longValue();
        } catch (ShadowRejectedException e) {
            throw new IllegalArgumentException(e.code() + " " + e.getMessage(), e);
        }
    }

    /** Deletes it; nothing happens if it does not exist. */
    public void delete() {
        try {
            services.deleteShadow(id);
        } catch (ShadowRejectedException e) {
            // it is not there, and that is what is wanted
        }
    }
}
