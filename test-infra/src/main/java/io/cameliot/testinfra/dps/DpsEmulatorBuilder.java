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

import io.cameliot.testinfra.dps.quota.DpsQuotas;
import io.cameliot.testinfra.dps.service.Enrollment;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects the settings of a {@link DpsEmulator}. */
public final class DpsEmulatorBuilder {

    private final List<String> serverNames = new ArrayList<>(List.of(DpsEmulator.GLOBAL_HOST_NAME));
    private final List<Enrollment> enrollments = new ArrayList<>();
    private List<String> hubs = List.of("contoso.azure-devices.net");
    private String idScope = "0ne00000001";
    private int mqttPort;
    private int webSocketPort;
    private int hubPort;
    private List<String> tlsVersions = List.of("TLSv1.2");
    private Duration retryAfter = Duration.ofSeconds(3);
    private DpsQuotas quotas = DpsQuotas.documented();
    private Clock clock = Clock.systemUTC();
    private TestCertificateAuthority serverAuthority;
    private EventLog events = new EventLog();

    DpsEmulatorBuilder() {}

    /**
     * Sets the id scope; {@code 0ne00000001} by default.
     *
     * @param value the id scope
     * @return this builder
     */
    public DpsEmulatorBuilder idScope(String value) {
        idScope = value;
        return this;
    }

    /**
     * Adds a server name to {@link DpsEmulator#GLOBAL_HOST_NAME}. With a name that clients cannot send as SNI, such as
     * {@code localhost}, clients without a server name are accepted too.
     *
     * @param hostName the name
     * @return this builder
     */
    public DpsEmulatorBuilder serverName(String hostName) {
        serverNames.add(hostName);
        return this;
    }

    /**
     * Sets the hubs; {@code contoso.azure-devices.net} by default.
     *
     * @param hostNames the hubs' host names; the first one is for enrollments that name no hub
     * @return this builder
     */
    public DpsEmulatorBuilder hubs(String... hostNames) {
        if (hostNames.length == 0) {
            throw new IllegalArgumentException("At least one hub is needed");
        }
        hubs = List.of(hostNames);
        return this;
    }

    /**
     * Sets the port of MQTT over TLS; a free one by default.
     *
     * @param port the port, 0 for a free one
     * @return this builder
     */
    public DpsEmulatorBuilder mqttPort(int port) {
        mqttPort = port;
        return this;
    }

    /**
     * Sets the port of MQTT over WebSocket over TLS; a free one by default.
     *
     * @param port the port, 0 for a free one
     * @return this builder
     */
    public DpsEmulatorBuilder webSocketPort(int port) {
        webSocketPort = port;
        return this;
    }

    /**
     * Sets the port of the hubs; a free one by default.
     *
     * @param port the port, 0 for a free one
     * @return this builder
     */
    public DpsEmulatorBuilder hubPort(int port) {
        hubPort = port;
        return this;
    }

    /**
     * Sets the TLS versions; 1.2 by default, the only one in the documentation of DPS.
     *
     * @param versions JSSE's names
     * @return this builder
     */
    public DpsEmulatorBuilder tlsVersions(String... versions) {
        tlsVersions = List.of(versions);
        return this;
    }

    /**
     * Sets the wait that the service requests while it assigns; 3 s by default, like the service.
     *
     * @param wait whole seconds, 0 or more
     * @return this builder
     * @throws IllegalArgumentException if it is negative or not whole seconds
     */
    public DpsEmulatorBuilder retryAfter(Duration wait) {
        if (wait.isNegative() || wait.getNano() != 0) {
            throw new IllegalArgumentException("retryAfter is " + wait + ", allowed are whole seconds from 0");
        }
        retryAfter = wait;
        return this;
    }

    /**
     * Sets the quotas above which the service answers 429; {@link DpsQuotas#documented()} by default.
     *
     * @param value the quotas
     * @return this builder
     */
    public DpsEmulatorBuilder quotas(DpsQuotas value) {
        quotas = value;
        return this;
    }

    /**
     * Sets the clock for tokens, certificates and quotas; the system's by default.
     *
     * @param value the clock
     * @return this builder
     */
    public DpsEmulatorBuilder clock(Clock value) {
        clock = value;
        return this;
    }

    /**
     * Sets the authority that issues the servers' certificates; a new one by default.
     *
     * @param value the authority
     * @return this builder
     */
    public DpsEmulatorBuilder serverAuthority(TestCertificateAuthority value) {
        serverAuthority = value;
        return this;
    }

    /**
     * Sets where the emulator records refusals and messages. Several emulators can write one log.
     *
     * @param value a new one by default
     * @return this builder
     */
    public DpsEmulatorBuilder events(EventLog value) {
        events = value;
        return this;
    }

    /**
     * Adds enrollments.
     *
     * @param more the enrollments
     * @return this builder
     */
    public DpsEmulatorBuilder enroll(Enrollment... more) {
        enrollments.addAll(List.of(more));
        return this;
    }

    /**
     * Creates the emulator, which does not listen yet.
     *
     * @return the emulator
     * @throws IllegalArgumentException if an enrollment names a hub that the emulator does not have
     */
    public DpsEmulator build() {
        DpsSettings settings = new DpsSettings(
                idScope,
                new DpsSettings.Tls(
                        serverNames,
                        tlsVersions,
                        serverAuthority == null ? TestCertificateAuthority.create("DPS emulator CA") : serverAuthority),
                new DpsSettings.Ports(mqttPort, webSocketPort, hubPort),
                hubs,
                new DpsSettings.Timing(retryAfter, quotas, clock),
                enrollments,
                events);
        enrollments.forEach(settings::requireKnownHub);
        return new DpsEmulator(settings);
    }
}
