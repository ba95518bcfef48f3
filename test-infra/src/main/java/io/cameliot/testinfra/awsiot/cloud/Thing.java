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

import io.cameliot.testinfra.awsiot.service.DeviceServices;
import io.cameliot.testinfra.awsiot.shadow.ShadowId;
import io.cameliot.testinfra.awsiot.shadow.ShadowRejectedException;
import java.util.List;

/** A thing of the account. There is a thing for every name until a test deletes it. */
public final class Thing {
    private final DeviceServices services;
    private final String name;

    /** Called by the emulator. */
    public Thing(DeviceServices services, String name) {
        this.services = services;
        this.name = name;
    }

    /** Returns the thing's name. */
    public String name() {
        return name;
    }

    /** The classic shadow, which may not exist. */
    public ThingShadow shadow() {
        return new ThingShadow(services, ShadowId.classic(name));
    }

    /**
     * A named shadow, which may not exist.
     *
     * @param shadowName 1 to 64 letters, digits and {@code $ : _ -}
     */
    public ThingShadow shadow(String shadowName) {
        return new ThingShadow(services, new ShadowId(name, shadowName));
    }

    /**
     * Returns the names of its named shadows.
     *
     * @return in alphabetical order
     * @throws IllegalStateException if the thing is deleted
     */
    public List<String> shadowNames() {
        try {
            return services.shadowNames(name);
        } catch (ShadowRejectedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Deletes the thing. Requests to its shadows are answered with {@code 404 Thing not found} until {@link #create()}.
     */
    public void delete() {
        services.thing(name, false);
    }

    /** Reverses {@link #delete()}. */
    public void create() {
        services.thing(name, true);
    }
}
