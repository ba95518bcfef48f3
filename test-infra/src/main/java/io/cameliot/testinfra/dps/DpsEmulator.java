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
import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.journal.DpsJournal;
import io.cameliot.testinfra.dps.journal.DpsRequest;
import io.cameliot.testinfra.dps.journal.DpsStatistics;
import io.cameliot.testinfra.dps.service.Assignment;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.dps.service.ProvisioningService;
import io.cameliot.testinfra.dps.session.DpsFront;
import io.cameliot.testinfra.dps.session.ResponseTopicStyle;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * An emulator of the Azure IoT Hub Device Provisioning Service and of the hubs behind it, on loopback: MQTT 3.1.1 over
 * TLS, bare and in a WebSocket. It checks what the service checks, refuses what it refuses, and breaks where a test
 * tells it to.
 *
 * <pre>{@code
 * try (DpsEmulator dps = DpsEmulator.builder()
 *         .enroll(Enrollment.individual("boiler-7").symmetricKey(key).build())
 *         .build()
 *         .start()) {
 *     // connect to dps.mqttAddress() as DpsEmulator.GLOBAL_HOST_NAME, trusting dps.serverAuthority()
 * }
 * }</pre>
 *
 * <p>Clients have to send the server name of the service (SNI) and get a certificate for it. What the documents leave
 * open is marked as assumed where it is decided.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-dps">Communicate with DPS by MQTT</a>
 */
public final class DpsEmulator implements AutoCloseable {

    /** The host name of the service for all its instances. */
    public static final String GLOBAL_HOST_NAME = "global.azure-devices-provisioning.net";

    private final DpsSettings settings;
    private final FaultPlan faults = new FaultPlan();
    private final DpsJournal journal = new DpsJournal();
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
                settings.idScope(), service, faults, journal, settings.timing().clock());
        service.reset(settings.enrollments());
    }

    /**
     * Begins the setup of an emulator.
     *
     * @return a builder with the defaults
     */
    public static DpsEmulatorBuilder builder() {
        return new DpsEmulatorBuilder();
    }

    /**
     * Listens, unless it does. After {@link #stop()} it does so on the same ports again, and nothing is forgotten.
     *
     * @return this emulator
     * @throws UncheckedIOException when a port is taken; nothing is left open then
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

    /** Closes the ports and cuts every connection, as an outage would. {@link #start()} ends the outage. */
    public synchronized void stop() {
        if (listening) {
            listening = false;
            server.shut();
        }
    }

    /** Ends everything; threads and ports are free when it returns. */
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
     * Forgets the registrations, the faults, the messages and all that was seen, and goes back to the enrollments it was
     * built with. Open connections stay.
     */
    public void reset() {
        faults.clear();
        journal.clear();
        service.reset(settings.enrollments());
        hub.clearTelemetry();
        front.responseTopics(ResponseTopicStyle.RID_FIRST);
    }

    /**
     * Adds an enrollment, in place of one with the same name.
     *
     * @param enrollment the enrollment
     * @throws IllegalArgumentException when it names a hub that the emulator does not have
     */
    public void enroll(Enrollment enrollment) {
        settings.requireKnownHub(enrollment);
        service.enroll(enrollment);
    }

    /**
     * Plans a fault for one device. Faults of the same step strike in the order they were planned.
     *
     * @param registrationId the device
     * @param fault the fault
     * @param times how often it strikes
     * @throws IllegalArgumentException for a fault of the handshake, in which no registration id is known yet
     */
    public void inject(String registrationId, DpsFault fault, int times) {
        if (fault.step() == DpsStep.HANDSHAKE) {
            throw new IllegalArgumentException("A handshake has no registration id: use injectForAnyDevice");
        }
        faults.add(registrationId, fault, times);
    }

    /**
     * Plans a fault for whichever devices come first.
     *
     * @param fault the fault
     * @param times how often it strikes
     */
    public void injectForAnyDevice(DpsFault fault, int times) {
        faults.add("", fault, times);
    }

    /**
     * Returns the faults that did not strike as often as planned.
     *
     * @return the faults that are left
     */
    public List<DpsFault> pendingFaults() {
        return faults.pending();
    }

    /**
     * Writes the topics of the answers in another way from now on; {@link ResponseTopicStyle#RID_FIRST} by default.
     *
     * @param style the way
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

    /**
     * Returns the port of MQTT over TLS, 8883 at the service.
     *
     * @return the port, on {@code 127.0.0.1}
     * @throws IllegalStateException before {@link #start()}
     */
    public int mqttPort() {
        return server().mqttPort();
    }

    /**
     * Returns the port of MQTT over WebSocket over TLS, 443 at the service.
     *
     * @return the port, on {@code 127.0.0.1}
     * @throws IllegalStateException before {@link #start()}
     */
    public int webSocketPort() {
        return server().webSocketPort();
    }

    /**
     * Returns the port of the hubs' MQTT over TLS, 8883 at a hub.
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
     * Returns the id scope that clients have to name.
     *
     * @return the id scope
     */
    public String idScope() {
        return settings.idScope();
    }

    /**
     * Returns the authority of the servers' certificates, to be trusted by clients.
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

    /**
     * Returns the devices that are assigned now.
     *
     * @return the assignments, in the order of the first registrations
     */
    public List<Assignment> assignedDevices() {
        return service.assignments();
    }

    /**
     * Returns the CONNECT packets that came, the last 10,000.
     *
     * @return the connections, in the order they came
     */
    public List<DpsConnect> connections() {
        return journal.connections();
    }

    /**
     * Returns the requests that came, the last 10,000.
     *
     * @return the requests, in the order they were decided
     */
    public List<DpsRequest> requests() {
        return journal.requests();
    }

    /**
     * Returns the requests of one device that came, as far as they are among the last 10,000.
     *
     * @param registrationId the device
     * @return the requests, in the order they were decided
     */
    public List<DpsRequest> requests(String registrationId) {
        return journal.requests().stream()
                .filter(request -> request.registrationId().equalsIgnoreCase(registrationId))
                .toList();
    }

    /**
     * Returns what was counted since the start or the last reset.
     *
     * @return the counts
     */
    public DpsStatistics statistics() {
        return journal.statistics();
    }
}
