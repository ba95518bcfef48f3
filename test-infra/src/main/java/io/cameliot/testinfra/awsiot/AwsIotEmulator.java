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

import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.PublishProperties;
import io.cameliot.testinfra.awsiot.server.Gateway;
import io.cameliot.testinfra.awsiot.session.GatewaySettings;
import io.cameliot.testinfra.awsiot.session.GatewaySettings.Listeners;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;

/**
 * Emulates AWS IoT Core's device gateway on loopback: it allows what AWS allows and refuses what AWS refuses.
 * <pre>{@code
 * try (AwsIotEmulator aws = AwsIotEmulator.builder().build().start()) {
 *     IssuedCertificate device = aws.issueDevice("sensor-17");
 *     // connect to 127.0.0.1, port aws.port(GatewayPort.MQTT_8883), with SNI aws.endpoint(),
 *     // trusting aws.serverAuthority()
 * }
 * }</pre>
 *
 * <p>Clients must send the {@link #endpoint() endpoint} as SNI host name. Messages for offline and slow subscribers
 * wait in memory, up to 256 MiB; the emulator drops more than that and logs a warning. The broker behind the gateway
 * does not support a topic with two adjacent colons, or a plain and a shared subscription to the same filter on one
 * connection.
 */
public final class AwsIotEmulator extends CloudSide implements AutoCloseable {
    private final String endpoint;
    private final TestCertificateAuthority serverAuthority;
    private final String credentialsEndpoint;
    private final EmulatedAccount account;
    private final Faults faults = new Faults();
    private final EventLog events;
    private final GatewaySettings settings;
    private Gateway gateway;
    private boolean open;

    AwsIotEmulator(AwsIotEmulatorBuilder builder) {
        endpoint = builder.endpoint();
        serverAuthority = builder.serverAuthority();
        credentialsEndpoint = builder.credentialsEndpoint();
        account = new EmulatedAccount(builder.region(), builder.deviceAuthority(), builder.createdKeys());
        events = builder.events();
        settings = new GatewaySettings(
                new Listeners(
                        builder.certificates(),
                        credentialsEndpoint,
                        builder.tlsVersions(),
                        builder.ipv6(),
                        builder.ports()),
                account.identities(),
                account.services(),
                builder.limits(),
                builder.mqtt5(),
                faults,
                events);
    }

    /**
     * Creates a builder.
     *
     * @return a builder with a default for every setting
     */
    public static AwsIotEmulatorBuilder builder() {
        return new AwsIotEmulatorBuilder();
    }

    /**
     * Starts to listen, after {@link #stop()} on the same ports as before. Persistent sessions, retained messages and
     * the test's settings survive a stop. Does nothing if the emulator already listens.
     *
     * @return this
     * @throws RuntimeException if a port is in use; no listener stays open then
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

    /** Stops listening and closes every connection, like an outage. {@link #start()} ends the outage. */
    public synchronized void stop() {
        if (open) {
            open = false;
            gateway.shut();
        }
    }

    /** Ends the emulator. Its threads have ended and its ports are free when this method returns. */
    @Override
    public synchronized void close() {
        open = false;
        if (gateway != null) {
            gateway.close();
            gateway = null;
        }
    }

    @Override
    EmulatedAccount account() {
        return account;
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
     * Returns the host name of the account's credentials provider, which is served on
     * {@link GatewayPort#MULTIPLEXED_443}.
     *
     * @return a host name, such as {@code a1b2c3d4e5f6g7.credentials.iot.eu-west-1.amazonaws.com}; it is in no DNS
     */
    public String credentialsEndpoint() {
        return credentialsEndpoint;
    }

    /**
     * The port number of a listener on {@code 127.0.0.1}.
     *
     * @param port the listener
     * @return its port number
     * @throws IllegalStateException before {@link #start()}
     */
    public int port(GatewayPort port) {
        return gateway().port(port);
    }

    /**
     * The address of a listener in the form of the component's option {@code connectTo}.
     *
     * @param port the listener
     * @return {@code 127.0.0.1:<port>}
     * @throws IllegalStateException before {@link #start()}
     */
    public String address(GatewayPort port) {
        return "127.0.0.1:" + port(port);
    }

    /**
     * The authority of the server's certificates, which clients must trust. AWS uses Amazon Root CA 1.
     *
     * @return the authority
     */
    public TestCertificateAuthority serverAuthority() {
        return serverAuthority;
    }

    /**
     * The faults to inject.
     *
     * @return live faults, to which a test adds
     */
    public Faults faults() {
        return faults;
    }

    /**
     * What was refused, and the latest messages.
     *
     * @return the log, which the emulator goes on writing
     */
    public EventLog events() {
        return events;
    }

    /** Publishes UTF-8 text that is not retained, as {@link #publish(String, byte[], int, boolean)} does. */
    public void publish(String topic, String payload, int qos) {
        publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    /**
     * Publishes a message like another device, even while the listeners are stopped. Waits until the broker has the
     * message.
     *
     * @param topic the topic
     * @param payload the payload
     * @param qos 0 or 1
     * @param retained whether it becomes the topic's retained message
     * @throws IllegalStateException before {@link #start()}, or if the broker does not accept it within ten seconds
     */
    public void publish(String topic, byte[] payload, int qos, boolean retained) {
        publish(topic, payload, qos, retained, PublishProperties.NONE);
    }

    /**
     * Publishes a message with MQTT 5 properties, which MQTT 5 subscribers receive. Waits until the broker has the
     * message.
     *
     * @param topic the topic
     * @param payload the payload
     * @param qos 0 or 1
     * @param retained whether it becomes the topic's retained message
     * @param properties the properties
     * @throws IllegalStateException before {@link #start()}, or if the broker does not accept it within ten seconds
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
     * Closes a client's connection like the API call DeleteConnection.
     *
     * @param clientId the client
     * @return whether it was connected
     */
    public boolean disconnect(String clientId) {
        return gateway().disconnect(clientId);
    }

    /**
     * Closes a client's connection with a reason code.
     *
     * @param clientId the client
     * @param reasonCode 0x80 and up, sent in DISCONNECT to an MQTT 5 client; an MQTT 3.1.1 client receives no packet
     * @return whether it was connected
     */
    public boolean disconnect(String clientId, int reasonCode) {
        return gateway().disconnect(clientId, reasonCode);
    }
}
