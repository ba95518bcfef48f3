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
 * A thing's shadow. Changes through this class are published like those of an application: by {@code update/delta},
 * {@code update/documents} and {@code update/accepted}.
 */
public final class ThingShadow {
    private final DeviceServices services;
    private final ShadowId id;

    ThingShadow(DeviceServices services, ShadowId id) {
        this.services = services;
        this.id = id;
    }

    /** Whether it exists, that is, has been updated since its last deletion. */
    public boolean exists() {
        return services.findShadow(id).isPresent();
    }

    /**
     * The number of updates, including those before a deletion.
     *
     * @return 0 if the shadow does not exist
     */
    public long version() {
        return services.findShadow(id).map(ShadowDocument::version).orElse(0L);
    }

    /**
     * The desired state.
     *
     * @return a copy; without fields if there is none
     */
    public ObjectNode desired() {
        return state(ShadowDocument::desired);
    }

    /**
     * The reported state.
     *
     * @return a copy; without fields if there is none
     */
    public ObjectNode reported() {
        return state(ShadowDocument::reported);
    }

    /**
     * The desired state that differs from the reported state.
     *
     * @return a copy; without fields if there is no difference
     */
    public ObjectNode delta() {
        return state(ShadowDocument::delta);
    }

    private ObjectNode state(Function<ShadowDocument, ShadowSection> section) {
        Optional<ShadowDocument> document = services.findShadow(id);
        return document.map(section).map(found -> found.state().deepCopy()).orElseGet(StrictJson::object);
    }

    /**
     * Changes the desired state: fields are merged, and null removes a field.
     *
     * @param json an object, such as {@code {"light":"on"}}, or {@code null} to remove the whole state
     * @return the version
     * @throws IllegalArgumentException if AWS would reject it
     */
    public long setDesired(String json) {
        return update("{\"state\":{\"desired\":" + json + "}}");
    }

    /**
     * Changes the reported state like the device.
     *
     * @param json as for {@link #setDesired}
     * @return the new version
     * @throws IllegalArgumentException if AWS would reject it
     */
    public long setReported(String json) {
        return update("{\"state\":{\"reported\":" + json + "}}");
    }

    /**
     * Sends an update.
     *
     * @param document the complete request, such as {@code {"state":{…},"version":3}}
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

    /** Deletes the shadow, if it exists. */
    public void delete() {
        try {
            services.deleteShadow(id);
        } catch (ShadowRejectedException e) {
            // The shadow does not exist, as required.
        }
    }
}
