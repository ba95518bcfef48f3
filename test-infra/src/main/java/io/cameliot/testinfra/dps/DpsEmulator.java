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
package io.cameliot.testinfra.dps;

import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.fault.FaultPlan;
import io.cameliot.testinfra.dps.hub.IotHubEmulator;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.dps.service.ProvisioningService;
import io.cameliot.testinfra.dps.session.DpsFront;
import io.cameliot.testinfra.dps.session.ResponseTopicStyle;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * Emulates the Azure IoT Hub Device Provisioning Service and its hubs on loopback: MQTT 3.1.1 over TLS, with or without
 * WebSocket. It performs the checks of the service and fails where a test injects a fault.
 * <pre>{@code
 * try (DpsEmulator dps = DpsEmulator.builder()
 *         .enroll(Enrollment.individual("boiler-7").symmetricKey(key).build())
 *         .build()
 *         .start()) {
 *     // connect to dps.mqttAddress() as DpsEmulator.GLOBAL_HOST_NAME, trusting dps.serverAuthority()
 * }
 * }</pre>
 *
 * <p>Clients must send the server name of the service (SNI) and receive a certificate for it. Where the documentation
 * leaves a behaviour open, the code marks its choice as an assumption.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-dps">Communicate with DPS by MQTT</a>
 */
public final class DpsEmulator extends SeenByDps implements AutoCloseable {

    /** The host name that all instances of the service share. */
    public static final String GLOBAL_HOST_NAME = "global.azure-devices-provisioning.net";

    private final DpsSettings settings;
    private final FaultPlan faults = new FaultPlan();
    private final IotHubEmulator hub;
    private final ProvisioningService service;
    private final DpsFront front;
    private DpsListeners server;
    private final AllocationThread allocations = new AllocationThread();
    private boolean listening;

    DpsEmulator(DpsSettings settings) {
        this.settings = settings;
        hub = new IotHubEmulator(Set.copyOf(settings.hubs()), settings.timing().clock());
        service = new ProvisioningService(
                new ProvisioningService.Settings(
                        settings.idScope(),
                        settings.hubs().get(0),
                        settings.timing().retryAfter(),
                        settings.timing().quotas(),
                        settings.timing().clock()),
                hub,
                allocations::execute);
        front = new DpsFront(
                settings.idScope(),
                service,
                faults,
                journal(),
                settings.timing().clock());
        service.reset(settings.enrollments());
    }

    /**
     * Creates a builder.
     *
     * @return a builder with the defaults
     */
    public static DpsEmulatorBuilder builder() {
        return new DpsEmulatorBuilder();
    }

    /**
     * Starts to listen, after {@link #stop()} on the same ports and with all earlier state. Does nothing if the
     * emulator already listens.
     *
     * @return this emulator
     * @throws UncheckedIOException if a port is in use; no port stays open then
     */
    public synchronized DpsEmulator start() {
        if (listening) {
            return this;
        }
        boolean first = server == null;
        if (first) {
            server = new DpsListeners(settings, front, hub);
            allocations.open();
        }
        try {
            server.open();
            listening = true;
            return this;
        } catch (RuntimeException e) {
            if (first) {
                close();
            } else {
                server.shut();
            }
            throw e;
        }
    }

    /** Closes the ports and every connection, like an outage. {@link #start()} ends the outage. */
    public synchronized void stop() {
        if (listening) {
            listening = false;
            server.shut();
        }
    }

    /** Ends the emulator. Its threads have ended and its ports are free when this method returns. */
    @Override
    public synchronized void close() {
        listening = false;
        if (server == null) {
            return;
        }
        server.close();
        server = null;
        allocations.close();
    }

    /**
     * Clears the registrations, faults, messages and records, and restores the enrollments of the builder. Open
     * connections stay.
     */
    public void reset() {
        faults.clear();
        journal().clear();
        service.reset(settings.enrollments());
        hub.clearTelemetry();
        front.responseTopics(ResponseTopicStyle.RID_FIRST);
    }

    /**
     * Adds an enrollment or replaces the one with the same name.
     *
     * @param enrollment the enrollment
     * @throws IllegalArgumentException if it names a hub that the emulator does not have
     */
    public void enroll(Enrollment enrollment) {
        settings.requireKnownHub(enrollment);
        service.enroll(enrollment);
    }

    /**
     * Injects a fault for one device. Faults of the same step occur in the order of injection.
     *
     * @param registrationId the device
     * @param fault the fault
     * @param times how often it occurs
     * @throws IllegalArgumentException if it is a fault of the handshake, which has no registration id
     */
    public void inject(String registrationId, DpsFault fault, int times) {
        if (fault.step() == DpsStep.HANDSHAKE) {
            throw new IllegalArgumentException("A handshake has no registration id: use injectForAnyDevice");
        }
        faults.add(registrationId, fault, times);
    }

    /**
     * Injects a fault for the next devices.
     *
     * @param fault the fault
     * @param times how often it occurs
     */
    public void injectForAnyDevice(DpsFault fault, int times) {
        faults.add("", fault, times);
    }

    /** Removes the faults that have not occurred as often as requested. */
    public void clearFaults() {
        faults.clear();
    }

    /**
     * Returns the faults that have not occurred as often as requested.
     *
     * @return the remaining faults
     */
    public List<DpsFault> pendingFaults() {
        return faults.pending();
    }

    /**
     * Sets the form of the answers' topics; {@link ResponseTopicStyle#RID_FIRST} by default.
     *
     * @param style the form
     */
    public void responseTopics(ResponseTopicStyle style) {
        front.responseTopics(style);
    }

    private synchronized DpsListeners server() {
        if (server == null) {
            throw new IllegalStateException("The emulator is not started: call start() first");
        }
        return server;
    }

    @Override
    ProvisioningService service() {
        return service;
    }

    @Override
    public EventLog events() {
        return settings.events();
    }

    /**
     * Returns the port of MQTT over TLS. The service uses 8883.
     *
     * @return the port, on {@code 127.0.0.1}
     * @throws IllegalStateException before {@link #start()}
     */
    public int mqttPort() {
        return server().mqttPort();
    }

    /**
     * Returns the port of MQTT over WebSocket over TLS. The service uses 443.
     *
     * @return the port, on {@code 127.0.0.1}
     * @throws IllegalStateException before {@link #start()}
     */
    public int webSocketPort() {
        return server().webSocketPort();
    }

    /**
     * Returns the port of the hubs' MQTT over TLS. A hub uses 8883.
     *
     * @return the port, on {@code 127.0.0.1}
     * @throws IllegalStateException before {@link #start()}
     */
    public int hubPort() {
        return server().hubPort();
    }

    /**
     * Returns the address of MQTT over TLS in the form of the component's option {@code connectTo}.
     *
     * @return {@code 127.0.0.1:<port>}
     * @throws IllegalStateException before {@link #start()}
     */
    public String mqttAddress() {
        return "127.0.0.1:" + mqttPort();
    }

    /**
     * Returns the address of MQTT over WebSocket over TLS in the form of the component's option {@code connectTo}.
     *
     * @return {@code 127.0.0.1:<port>}
     * @throws IllegalStateException before {@link #start()}
     */
    public String webSocketAddress() {
        return "127.0.0.1:" + webSocketPort();
    }

    /**
     * Returns the address of the hubs' MQTT over TLS in the form of the component's option {@code connectTo}.
     *
     * @return {@code 127.0.0.1:<port>}
     * @throws IllegalStateException before {@link #start()}
     */
    public String hubAddress() {
        return "127.0.0.1:" + hubPort();
    }

    /**
     * Returns the id scope that clients must use.
     *
     * @return the id scope
     */
    public String idScope() {
        return settings.idScope();
    }

    /**
     * Returns the authority of the servers' certificates, which clients must trust.
     *
     * @return the authority
     */
    public TestCertificateAuthority serverAuthority() {
        return settings.tls().authority();
    }

    /**
     * Returns the hubs.
     *
     * @return the hubs
     */
    public IotHubEmulator hub() {
        return hub;
    }
}
