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

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizers;
import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.server.Gateway;
import io.cameliot.testinfra.awsiot.session.GatewaySettings;
import io.cameliot.testinfra.awsiot.session.GatewaySettings.Identities;
import io.cameliot.testinfra.awsiot.session.GatewaySettings.Listeners;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * AWS IoT Core's device gateway on loopback: what a device may do there, it may do here, and what AWS refuses is refused.
 *
 * <pre>{@code
 * try (AwsIotEmulator aws = AwsIotEmulator.builder().build().start()) {
 *     IssuedCertificate device = aws.issueDevice("sensor-17");
 *     // connect to 127.0.0.1, port aws.port(GatewayPort.MQTT_8883), with SNI aws.endpoint(),
 *     // trusting aws.serverAuthority()
 * }
 * }</pre>
 *
 * <p>Clients must send the {@link #endpoint() endpoint} as SNI host name. Messages wait for offline and slow subscribers
 * in memory, up to 256 MiB; beyond that they are dropped, with a warning in the log. Two things the broker behind the gateway cannot do: a
 * topic with two colons side by side, and a plain and a shared subscription to the same filter on one connection.
 */
public final class AwsIotEmulator extends SeenByGateway implements AutoCloseable {
    private final String endpoint;
    private final TestCertificateAuthority serverAuthority;
    private final TestCertificateAuthority deviceAuthority;
    private final DeviceCertificates deviceCertificates = new DeviceCertificates();
    private final Map<String, DevicePolicy> policies = new ConcurrentHashMap<>();
    private final SigV4Verifier verifier;
    private final CustomAuthorizers authorizers = new CustomAuthorizers();
    private final Faults faults = new Faults();
    private final GatewaySettings settings;
    private Gateway gateway;
    private boolean open;

    AwsIotEmulator(AwsIotEmulatorBuilder builder) {
        endpoint = builder.endpoint();
        serverAuthority = builder.serverAuthority();
        deviceAuthority = TestCertificateAuthority.create("AWS IoT emulator device CA");
        deviceCertificates.register(deviceAuthority.certificate());
        verifier = builder.verifier();
        settings = new GatewaySettings(
                new Listeners(builder.certificates(), builder.tlsVersions(), builder.ipv6(), builder.ports()),
                new Identities(
                        deviceCertificates,
                        verifier,
                        authorizers,
                        clientId -> policies.getOrDefault(clientId, DevicePolicy.ALLOW_ALL)),
                builder.limits(),
                builder.mqtt5(),
                faults);
    }

    /**
     * Begins an emulator.
     *
     * @return a builder whose every setting has a default
     */
    public static AwsIotEmulatorBuilder builder() {
        return new AwsIotEmulatorBuilder();
    }

    /**
     * Listens. After {@link #stop()} it does so on the same ports again, and persistent sessions, retained messages and
     * everything set by the test are still there. Does nothing if it listens already.
     *
     * @return this
     * @throws RuntimeException if a port is taken; nothing is left behind then
     */
    public synchronized AwsIotEmulator start() {
        if (open) {
            return this;
        }
        boolean first = gateway == null;
        if (first) {
            gateway = new Gateway(settings);
        }
        try {
            gateway.open();
            open = true;
        } catch (RuntimeException e) {
            if (first) {
                gateway.close();
                gateway = null;
            } else {
                gateway.shut();
            }
            throw e;
        }
        return this;
    }

    /** Stops listening and cuts every connection, as an outage would. {@link #start()} ends the outage. */
    public synchronized void stop() {
        if (open) {
            open = false;
            gateway.shut();
        }
    }

    /** Ends everything; threads and ports are free when it returns. */
    @Override
    public synchronized void close() {
        open = false;
        if (gateway != null) {
            gateway.close();
            gateway = null;
        }
    }

    @Override
    synchronized Gateway gateway() {
        if (gateway == null) {
            throw new IllegalStateException("The emulator is not started: call start() first");
        }
        return gateway;
    }

    /**
     * The data endpoint of the emulated account.
     *
     * @return a host name, such as {@code a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com}; it is not in any DNS
     */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Where a listener is, on {@code 127.0.0.1}.
     *
     * @param port which listener
     * @return its port number
     * @throws IllegalStateException before {@link #start()}
     */
    public int port(GatewayPort port) {
        return gateway().port(port);
    }

    /**
     * The address of a listener in the form of the component's option {@code connectTo}.
     *
     * @param port which listener
     * @return {@code 127.0.0.1:<port>}
     * @throws IllegalStateException before {@link #start()}
     */
    public String address(GatewayPort port) {
        return "127.0.0.1:" + port(port);
    }

    /**
     * The authority of the server's certificates, which clients must trust; AWS's is Amazon Root CA 1.
     *
     * @return the authority
     */
    public TestCertificateAuthority serverAuthority() {
        return serverAuthority;
    }

    /**
     * The authority that is registered from the beginning.
     *
     * @return the authority, to issue device certificates of any kind
     */
    public TestCertificateAuthority deviceAuthority() {
        return deviceAuthority;
    }

    /**
     * Issues a device certificate that is valid and active.
     *
     * @param commonName the subject's common name
     * @return the key and its chain
     */
    public IssuedCertificate issueDevice(String commonName) {
        return deviceAuthority.issueDevice(commonName);
    }

    /**
     * Registers a further authority of device certificates.
     *
     * @param authority root or intermediate
     */
    public void registerAuthority(X509Certificate authority) {
        deviceCertificates.register(authority);
    }

    /**
     * Deactivates a device certificate; its handshakes fail from now on.
     *
     * @param certificate the device's certificate
     */
    public void deactivate(X509Certificate certificate) {
        deviceCertificates.deactivate(certificate);
    }

    /**
     * Makes IAM credentials known, for Signature Version 4.
     *
     * @param credentials replaces those with the same access key id
     */
    public void register(IamCredentials credentials) {
        verifier.register(credentials);
    }

    /**
     * Makes IAM credentials unknown, as when an access key is deleted.
     *
     * @param accessKeyId the access key's id
     */
    public void forgetCredentials(String accessKeyId) {
        verifier.forget(accessKeyId);
    }

    /**
     * Registers a custom authorizer.
     *
     * @param authorizer replaces the one with the same name
     */
    public void register(CustomAuthorizer authorizer) {
        authorizers.register(authorizer);
    }

    /**
     * Sets the authorizer of clients that name none.
     *
     * @param name its name
     */
    public void defaultAuthorizer(String name) {
        authorizers.setDefault(name);
    }

    /**
     * Sets what may be published over HTTPS, where there are no client ids. Without a policy everything may.
     *
     * @param policy what is allowed from now on
     */
    public void httpPolicy(DevicePolicy policy) {
        policies.put(Faults.NO_CLIENT_ID, policy);
    }

    /**
     * Sets what a client may do over MQTT. Without a policy of its own it may do everything.
     *
     * @param clientId the client
     * @param policy what it may do from now on
     */
    public void policy(String clientId, DevicePolicy policy) {
        policies.put(clientId, policy);
    }

    /**
     * What is to go wrong.
     *
     * @return the faults, to add to
     */
    public Faults faults() {
        return faults;
    }

    /** As {@link #publish(String, byte[], int, boolean)}, text as UTF-8 that is not retained. */
    public void publish(String topic, String payload, int qos) {
        publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    /**
     * Publishes from outside, as another device would, also while the listeners are stopped. Waits until the broker has
     * the message.
     *
     * @param topic the topic
     * @param payload the payload
     * @param qos 0 or 1
     * @param retained whether it becomes the topic's retained message
     * @throws IllegalStateException before {@link #start()}, or if the broker does not take it within ten seconds
     */
    public void publish(String topic, byte[] payload, int qos, boolean retained) {
        publish(topic, payload, qos, retained, PublishProperties.NONE);
    }

    /**
     * Publishes from outside with MQTT 5's properties, which MQTT 5 subscribers get. Waits until the broker has the message.
     *
     * @param topic the topic
     * @param payload the payload
     * @param qos 0 or 1
     * @param retained whether it becomes the topic's retained message
     * @param properties the properties
     * @throws IllegalStateException before {@link #start()}, or if the broker does not take it within ten seconds
     */
    public void publish(String topic, byte[] payload, int qos, boolean retained, PublishProperties properties) {
        try {
            gateway()
                    .publish(new BrokerMessage(topic, payload, qos, retained, properties.toMqtt()))
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("The message to " + topic + " was not published", e.getCause());
        }
    }

    /**
     * Ends a client's connection, as the API's DeleteConnection does.
     *
     * @param clientId the client
     * @return whether it was connected
     */
    public boolean disconnect(String clientId) {
        return gateway().disconnect(clientId);
    }

    /**
     * Ends a client's connection for a reason of the test's.
     *
     * @param clientId the client
     * @param reasonCode what an MQTT 5 client is told by DISCONNECT: 0x80 and up; an MQTT 3.1.1 client is told nothing
     * @return whether it was connected
     */
    public boolean disconnect(String clientId, int reasonCode) {
        return gateway().disconnect(clientId, reasonCode);
    }
}
