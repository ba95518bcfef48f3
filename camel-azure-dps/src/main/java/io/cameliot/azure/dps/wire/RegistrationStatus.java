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
package io.cameliot.azure.dps.wire;

import java.util.Locale;
import java.util.Optional;

/** The status of a registration, as the field {@code status} of the service's answers names it. */
public enum RegistrationStatus {
    UNASSIGNED,
    ASSIGNING,
    ASSIGNED,
    FAILED,
    DISABLED;

    /** Returns the status with a name from the service; empty if this version does not know the name. */
    static Optional<RegistrationStatus> of(String name) {
        return switch (name) {
            case "unassigned" -> Optional.of(UNASSIGNED);
            case "assigning" -> Optional.of(ASSIGNING);
            case "assigned" -> Optional.of(ASSIGNED);
            case "failed" -> Optional.of(FAILED);
            // Older services send "blacklisted" for "disabled"; the C SDK accepts both.
            case "disabled", "blacklisted" -> Optional.of(DISABLED);
            default -> Optional.empty();
        };
    }

    /** Returns the name that the service uses. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
