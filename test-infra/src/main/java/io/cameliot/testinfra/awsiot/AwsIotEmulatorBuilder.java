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
package io.cameliot.testinfra.awsiot;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings of an {@link AwsIotEmulator}. */
public final class AwsIotEmulatorBuilder {
    private static final String ACCOUNT_PREFIX = "a1b2c3d4e5f6g7";

    private TestCertificateAuthority serverAuthority = TestCertificateAuthority.create("AWS IoT emulator server CA");
    private TestCertificateAuthority deviceAuthority = TestCertificateAuthority.create("AWS IoT emulator device CA");
    private EventLog events = new EventLog();
    private final Map<String, IssuedCertificate> certificates = new HashMap<>();
    private final Map<GatewayPort, Integer> ports = new EnumMap<>(GatewayPort.class);
    private String region = "eu-west-1";
    private Collection<String> tlsVersions = List.of("TLSv1.3", "TLSv1.2");
    private boolean ipv6;
    private Limits limits = Limits.DEFAULT;
    private Mqtt5Settings mqtt5 = Mqtt5Settings.DEFAULT;
    private KeyType createdKeys = KeyType.RSA;

    AwsIotEmulatorBuilder() {
        for (GatewayPort port : GatewayPort.values()) {
            ports.put(port, 0);
        }
    }

    /**
     * Sets the AWS region, which is part of the endpoint's name and of every signature.
     *
     * @param name {@code eu-west-1} if not set
     * @return this
     */
    public AwsIotEmulatorBuilder region(String name) {
        region = name;
        return this;
    }

    /**
     * Adds an endpoint, such as a custom domain, or {@code localhost} for clients that cannot send another SNI name
     * than the one they dial.
     *
     * @param hostName its name
     * @return this
     */
    public AwsIotEmulatorBuilder customDomain(String hostName) {
        return customDomain(hostName, serverAuthority.issueServer(hostName));
    }

    /**
     * Adds an endpoint with its own certificate, which may be an invalid one. The name can also be {@link #endpoint()}
     * itself.
     *
     * @param hostName its name
     * @param certificate the certificate that its clients receive
     * @return this
     */
    public AwsIotEmulatorBuilder customDomain(String hostName, IssuedCertificate certificate) {
        certificates.put(hostName.toLowerCase(Locale.ROOT), certificate);
        return this;
    }

    /**
     * Sets the port number of a listener.
     *
     * @param port the listener
     * @param number its port number; 0, the default, selects a free one
     * @return this
     */
    public AwsIotEmulatorBuilder port(GatewayPort port, int number) {
        ports.put(port, number);
        return this;
    }

    /**
     * Sets the TLS versions, as a security policy does.
     *
     * @param versions JSSE's names; {@code TLSv1.3} and {@code TLSv1.2} if not set
     * @return this
     */
    public AwsIotEmulatorBuilder tlsVersions(String... versions) {
        tlsVersions = List.of(versions);
        return this;
    }

    /**
     * Sets whether to listen on {@code ::1} besides {@code 127.0.0.1}, on the same ports.
     *
     * @param listen false if not set, because not every machine has IPv6
     * @return this
     */
    public AwsIotEmulatorBuilder ipv6(boolean listen) {
        ipv6 = listen;
        return this;
    }

    /**
     * Sets the quotas.
     *
     * @param quotas {@link Limits#DEFAULT} if not set
     * @return this
     */
    public AwsIotEmulatorBuilder limits(Limits quotas) {
        limits = quotas;
        return this;
    }

    /**
     * Sets what MQTT 5 clients are granted. The {@link #limits limits} set their session expiry and keep alive, because
     * these apply to MQTT 3.1.1 clients too.
     *
     * @param settings {@link Mqtt5Settings#DEFAULT} if not set
     * @return this
     */
    public AwsIotEmulatorBuilder mqtt5(Mqtt5Settings settings) {
        mqtt5 = settings;
        return this;
    }

    /**
     * Sets the authorities, so that a later emulator is trusted by the same clients and trusts the same devices. Call it before
     * {@link #customDomain(String)}.
     *
     * @param ofServer issues the certificates of the endpoints; a new one if not set
     * @param ofDevices issues the certificates of devices and is registered from the start; a new one if not set
     * @return this
     */
    public AwsIotEmulatorBuilder authorities(TestCertificateAuthority ofServer, TestCertificateAuthority ofDevices) {
        serverAuthority = ofServer;
        deviceAuthority = ofDevices;
        return this;
    }

    /**
     * Sets the type of the keys that CreateKeysAndCertificate generates.
     *
     * @param type {@link KeyType#RSA} as in AWS if not set; a test with many devices is faster with {@link KeyType#EC}
     * @return this
     */
    public AwsIotEmulatorBuilder createdKeys(KeyType type) {
        createdKeys = type;
        return this;
    }

    /**
     * Sets where the emulator records refusals and messages. Several emulators can write one log.
     *
     * @param log a new one if not set
     * @return this
     */
    public AwsIotEmulatorBuilder events(EventLog log) {
        events = log;
        return this;
    }

    /**
     * Creates the emulator; {@link AwsIotEmulator#start()} starts it.
     *
     * @return an emulator with its own authorities
     */
    public AwsIotEmulator build() {
        return new AwsIotEmulator(this);
    }

    /**
     * The account's data endpoint, according to the current settings.
     *
     * @return its host name, which depends on {@link #region}
     */
    public String endpoint() {
        return ACCOUNT_PREFIX + "-ats.iot." + region + ".amazonaws.com";
    }

    /**
     * The authority that issues the server's certificates.
     *
     * @return the authority, for {@link #customDomain(String, IssuedCertificate)}
     */
    public TestCertificateAuthority serverAuthority() {
        return serverAuthority;
    }

    TestCertificateAuthority deviceAuthority() {
        return deviceAuthority;
    }

    EventLog events() {
        return events;
    }

    String region() {
        return region;
    }

    String credentialsEndpoint() {
        return ACCOUNT_PREFIX + ".credentials.iot." + region + ".amazonaws.com";
    }

    Map<String, IssuedCertificate> certificates() {
        Map<String, IssuedCertificate> all = new HashMap<>(certificates);
        all.computeIfAbsent(endpoint(), serverAuthority::issueServer);
        all.computeIfAbsent(credentialsEndpoint(), serverAuthority::issueServer);
        return Map.copyOf(all);
    }

    Map<GatewayPort, Integer> ports() {
        return Map.copyOf(ports);
    }

    Collection<String> tlsVersions() {
        return tlsVersions;
    }

    boolean ipv6() {
        return ipv6;
    }

    Limits limits() {
        return limits;
    }

    KeyType createdKeys() {
        return createdKeys;
    }

    Mqtt5Settings mqtt5() {
        return mqtt5;
    }
}
