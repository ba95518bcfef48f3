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

/** A thing of the account. Every name is one of a thing, until a test says otherwise. */
public final class Thing {
    private final DeviceServices services;
    private final String name;

    /** For the emulator. */
    public Thing(DeviceServices services, String name) {
        this.services = services;
        this.name = name;
    }

    /** The thing's name. */
    public String name() {
        return name;
    }

    /** Its classic shadow, which need not exist. */
    public ThingShadow shadow() {
        return new ThingShadow(services, ShadowId.classic(name));
    }

    /**
     * One of its named shadows, which need not exist.
     *
     * @param shadowName 1 to 64 letters, digits and {@code $ : _ -}
     */
    public ThingShadow shadow(String shadowName) {
        return new ThingShadow(services, new ShadowId(name, shadowName));
    }

    /**
     * The names of its named shadows.
     *
     * @return in order
     * @throws IllegalStateException if the thing is deleted
     */
    public List<String> shadowNames() {
        try {
            return services.shadowNames(name);
        } catch (ShadowRejectedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Deletes the thing: requests to its shadows are answered {@code 404 Thing not found}, until {@link #create()}. */
    public void delete() {
        services.thing(name, false);
    }

    /** Takes {@link #delete()} back. */
    public void create() {
        services.thing(name, true);
    }
}
