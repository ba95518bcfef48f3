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
package io.cameliot.testinfra.dps.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.CertificateAuthorities;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.DeviceCertificates;
import io.cameliot.testinfra.dps.identity.EnrollmentAttestation.SymmetricKeys;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * An operator's record of one device (individual enrollment) or of several devices (enrollment group) that may
 * register: how they attest, and how they are assigned.
 * <pre>{@code
 * Enrollment.individual("boiler-7").symmetricKey(key).deviceId("boiler").build();
 * Enrollment.group("boilers").certificateAuthority(intermediate).hub("north.azure-devices.net").build();
 * }</pre>
 *
 * @see <a href="https://learn.microsoft.com/azure/iot-dps/concepts-service">DPS terms</a>
 */
public final class Enrollment {

    private final boolean group;
    private final String id;
    private final EnrollmentAttestation attestation;
    private final String deviceId;
    private final String hub;
    private final boolean enabled;
    private final int assigningPolls;
    private final ReprovisionPolicy reprovisionPolicy;
    private final UnaryOperator<JsonNode> allocation;
    private final boolean anyPayload;
    private final AllocationFailure failure;

    private Enrollment(Builder builder) {
        group = builder.group;
        id = builder.id;
        attestation = builder.attestation;
        deviceId = builder.deviceId;
        hub = builder.hub;
        enabled = builder.enabled;
        assigningPolls = builder.assigningPolls;
        reprovisionPolicy = builder.reprovisionPolicy;
        allocation = builder.allocation;
        anyPayload = builder.anyPayload;
        failure = builder.failure;
    }

    /**
     * The result of an allocation that finds no hub.
     *
     * @param errorCode the service's code, such as 400207
     * @param message the service's message
     */
    public record AllocationFailure(int errorCode, String message) {
        static final AllocationFailure CUSTOM_ALLOCATION =
                new AllocationFailure(400207, "Custom allocation failed with status code: 400");
    }

    /**
     * Creates a builder for the enrollment of one device.
     *
     * @param registrationId the device's registration id
     * @return the builder
     * @throws IllegalArgumentException if DPS does not allow the id
     */
    public static Builder individual(String registrationId) {
        RegistrationIds.requireValid(registrationId);
        return new Builder(false, registrationId);
    }

    /**
     * Creates a builder for the enrollment of a group of devices. The device id of each equals its registration id.
     *
     * @param groupId the name of the group
     * @return the builder
     */
    public static Builder group(String groupId) {
        return new Builder(true, Objects.requireNonNull(groupId, "groupId"));
    }

    /**
     * Returns the kind of the enrollment.
     *
     * @return true for an enrollment group, false for an individual enrollment
     */
    public boolean isGroup() {
        return group;
    }

    /**
     * Returns the enrollment's own name.
     *
     * @return the registration id of an individual enrollment, the name of a group
     */
    public String id() {
        return id;
    }

    /**
     * Returns how its devices prove their identity.
     *
     * @return the attestation
     */
    public EnrollmentAttestation attestation() {
        return attestation;
    }

    /**
     * Returns the hub that its devices are assigned to.
     *
     * @return the hub's host name; empty for the emulator's first hub
     */
    public Optional<String> hub() {
        return Optional.ofNullable(hub);
    }

    String deviceIdOf(String registrationId) {
        return deviceId == null ? registrationId : deviceId;
    }

    /**
     * Returns whether devices may register.
     *
     * @return false for a disabled enrollment
     */
    public boolean isEnabled() {
        return enabled;
    }

    int assigningPolls() {
        return assigningPolls;
    }

    ReprovisionPolicy reprovisionPolicy() {
        return reprovisionPolicy;
    }

    Optional<UnaryOperator<JsonNode>> allocation() {
        return Optional.ofNullable(allocation);
    }

    boolean acceptsAnyPayload() {
        return anyPayload;
    }

    Optional<AllocationFailure> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        return "Enrollment[" + (group ? "group " : "individual ") + id + ", "
                + attestation.getClass().getSimpleName() + "]";
    }

    /** Collects the settings of an {@link Enrollment}. An attestation is required. */
    public static final class Builder {

        private final boolean group;
        private final String id;
        private EnrollmentAttestation attestation;
        private String deviceId;
        private String hub;
        private boolean enabled = true;
        private int assigningPolls = 1;
        private ReprovisionPolicy reprovisionPolicy = ReprovisionPolicy.MIGRATE_DATA;
        private UnaryOperator<JsonNode> allocation;
        private boolean anyPayload;
        private AllocationFailure failure;

        private Builder(boolean group, String id) {
            this.group = group;
            this.id = id;
        }

        /**
         * Sets the attestation to shared access signatures.
         *
         * @param primaryAndSecondary one key or two; for a group, the keys from which the devices' keys are derived
         * @return this builder
         */
        public Builder symmetricKey(EnrollmentKey... primaryAndSecondary) {
            attestation = new SymmetricKeys(Arrays.asList(primaryAndSecondary));
            return this;
        }

        /**
         * Sets the attestation to the thumbprint of the device's X.509 certificate.
         *
         * @param primaryAndSecondary one certificate or two
         * @return this builder
         * @throws IllegalStateException for a group
         */
        public Builder certificate(X509Certificate... primaryAndSecondary) {
            if (group) {
                throw new IllegalStateException("A group attests by certificateAuthority(), not by one certificate");
            }
            attestation = new DeviceCertificates(Arrays.asList(primaryAndSecondary));
            return this;
        }

        /**
         * Sets the attestation to an X.509 chain with a root or intermediate certificate.
         *
         * @param primaryAndSecondary one certificate or two
         * @return this builder
         * @throws IllegalStateException for an individual enrollment
         */
        public Builder certificateAuthority(X509Certificate... primaryAndSecondary) {
            if (!group) {
                throw new IllegalStateException("One device attests by certificate(), not by certificateAuthority()");
            }
            attestation = new CertificateAuthorities(Arrays.asList(primaryAndSecondary));
            return this;
        }

        /**
         * Sets the device's id at the hub; its registration id by default.
         *
         * @param value the device id
         * @return this builder
         * @throws IllegalStateException for a group
         */
        public Builder deviceId(String value) {
            if (group) {
                throw new IllegalStateException("The devices of a group have their registration ids as device ids");
            }
            deviceId = value;
            return this;
        }

        /**
         * Sets the hub to assign to; the emulator's first hub by default.
         *
         * @param hostName the hub's host name, such as {@code north.azure-devices.net}
         * @return this builder
         */
        public Builder hub(String hostName) {
            hub = hostName;
            return this;
        }

        /**
         * Disables the enrollment. Registrations then end with status {@code disabled}.
         *
         * @return this builder
         */
        public Builder disabled() {
            enabled = false;
            return this;
        }

        /**
         * Sets the duration of an assignment; 1 by default.
         *
         * @param count the number of polls that are answered {@code assigning}, 0 or more; the next one returns the
         *     result
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder assigningPolls(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("assigningPolls is " + count + ", allowed is 0 or more");
            }
            assigningPolls = count;
            return this;
        }

        /**
         * Sets the effect of further registrations; {@link ReprovisionPolicy#MIGRATE_DATA} by default.
         *
         * @param policy the policy
         * @return this builder
         */
        public Builder reprovisionPolicy(ReprovisionPolicy policy) {
            reprovisionPolicy = policy;
            return this;
        }

        /**
         * Sets a function in place of the webhook of a custom allocation policy. Without one the result has no payload.
         * The emulator calls such functions one at a time on a separate thread; they may block.
         *
         * @param function receives the payload of the device's request as it was sent, JSON null if it had none, and
         *     returns the payload of the result; if it throws, the registration fails with error code 400207
         * @return this builder
         */
        public Builder customAllocation(UnaryOperator<JsonNode> function) {
            allocation = function;
            return this;
        }

        /**
         * Accepts any JSON value as payload of a device. By default it is an object, as in "How to transfer payloads
         * between devices and DPS", and the answer to another value is 400. Microsoft's client for Java sends a string.
         *
         * @return this builder
         */
        public Builder acceptingAnyPayload() {
            anyPayload = true;
            return this;
        }

        /**
         * Makes every registration end with status {@code failed}.
         *
         * @param errorCode the error code, such as 400207 (custom allocation failed) or 400208 (no hub)
         * @param message the error message
         * @return this builder
         */
        public Builder failing(int errorCode, String message) {
            failure = new AllocationFailure(errorCode, message);
            return this;
        }

        /**
         * Creates the enrollment.
         *
         * @return the enrollment
         * @throws IllegalStateException if there is no attestation
         */
        public Enrollment build() {
            if (attestation == null) {
                throw new IllegalStateException("Enrollment '" + id + "' needs a symmetricKey(), a certificate() or a"
                        + " certificateAuthority() to attest by");
            }
            return new Enrollment(this);
        }
    }
}
