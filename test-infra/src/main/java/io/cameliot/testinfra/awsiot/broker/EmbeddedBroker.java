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
package io.cameliot.testinfra.awsiot.broker;

import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.UUID;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTSessionState;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTStateManager;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTUtil;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/**
 * The MQTT broker behind the gateway: ActiveMQ Artemis in this process, with everything in memory. It implements
 * sessions, queues, retained messages and wills. The gateway implements what AWS refuses or does differently.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String ACCEPTOR = "mqtt";
    private static final String USER_NAME = "gateway";
    private static final String EVERYTHING = "#";
    private static final int UNLIMITED = -1;
    /** An address without a queue, which discards expired messages. */
    private static final SimpleString NOWHERE = SimpleString.of("$emulator/nowhere");
    /**
     * Bytes of the messages that wait for offline or slow subscribers. The broker drops more than that and warns once.
     */
    private static final long MAX_QUEUED_BYTES = 256L * 1024 * 1024;

    private final String password = UUID.randomUUID().toString();
    private final ActiveMQServer artemis;
    private final UndisturbedClose undisturbedClose = new UndisturbedClose();

    /**
     * Starts a broker on a free loopback port.
     *
     * @param unacknowledgedDeliveries number of unacknowledged QoS 1 messages after which a client receives no more
     * @param sessionExpirySeconds seconds that the session of an MQTT 3.1.1 client outlives its connection
     * @throws IllegalStateException if the broker does not start
     */
    public EmbeddedBroker(int unacknowledgedDeliveries, int sessionExpirySeconds) {
        try {
            Configuration configuration = configuration(unacknowledgedDeliveries, sessionExpirySeconds);
            configuration.registerBrokerPlugin(undisturbedClose);
            configuration.registerBrokerPlugin(new RetainedMessagesFirst());
            artemis = new SharingServer(configuration, new OneUser());
            artemis.start();
        } catch (Exception e) {
            undisturbedClose.close();
            throw new IllegalStateException("The embedded MQTT broker cannot be started: " + e.getMessage(), e);
        }
    }

    private static Configuration configuration(int unacknowledgedDeliveries, int sessionExpirySeconds)
            throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setName("aws-iot-emulator-" + UUID.randomUUID())
                .setPersistenceEnabled(false)
                .setMqttSubscriptionPersistenceEnabled(false)
                .setJMXManagementEnabled(false)
                .setCriticalAnalyzer(false)
                .setGracefulShutdownEnabled(false)
                .setMaxDiskUsage(-1)
                .setGlobalMaxSize(MAX_QUEUED_BYTES)
                .setScheduledThreadPoolMaxSize(2)
                .setSecurityEnabled(true)
                // With MQTT's own syntax an address equals its topic, and no character needs escaping.
                .setWildCardConfiguration(new WildcardConfiguration()
                        .setDelimiter('/')
                        .setSingleWord('+')
                        .setAnyWords('#'))
                .addAddressSetting(
                        EVERYTHING,
                        new AddressSettings()
                                .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP)
                                .setAutoDeleteAddresses(true)
                                .setAutoDeleteQueues(true)
                                .setMaxDeliveryAttempts(UNLIMITED)
                                .setDeadLetterAddress(NOWHERE)
                                .setExpiryAddress(NOWHERE));
        configuration.putSecurityRoles(
                EVERYTHING,
                Set.of(new Role(USER_NAME, true, true, true, true, true, true, false, true, true, true, false, false)));
        // serverKeepAlive 0: with -1 a CONNECT without keep alive, which the gateway sends, times out after two
        // seconds. quietPeriod 0: nothing comes after the connections of the gateway have ended.
        configuration.addAcceptorConfiguration(
                ACCEPTOR,
                "tcp://127.0.0.1:0?protocols=MQTT;useEpoll=false;useKQueue=false;nioRemotingThreads=2;tcpNoDelay=true"
                        + ";serverKeepAlive=0;quietPeriod=0;topicAliasMaximum=0"
                        + ";defaultMaximumInFlightPublishMessages=" + unacknowledgedDeliveries
                        + ";defaultMqttSessionExpiryInterval=" + sessionExpirySeconds);
        return configuration;
    }

    /**
     * The broker's address.
     *
     * @return address and credentials
     */
    public BrokerAccess access() {
        NettyAcceptor acceptor = (NettyAcceptor) artemis.getRemotingService().getAcceptor(ACCEPTOR);
        return new BrokerAccess(new InetSocketAddress("127.0.0.1", acceptor.getActualPort()), USER_NAME, password);
    }

    /** The broker itself, for a test. */
    ActiveMQServer server() {
        return artemis;
    }

    /**
     * Whether the broker still serves a client's connection. It does so for a moment after the socket was closed, and a
     * connection made in that moment would take over the session.
     *
     * @param clientId the client
     * @return true as long as a new connection must wait
     */
    public boolean isConnected(String clientId) {
        try {
            return MQTTStateManager.getInstance(artemis).isClientConnected(clientId);
        } catch (Exception e) {
            throw new IllegalStateException("The embedded MQTT broker does not tell its sessions", e);
        }
    }

    /**
     * Removes the session, if any, of a client that is not connected. Shared subscriptions stay, because other clients
     * use their queues too.
     *
     * @param clientId the client
     */
    public void forgetSession(String clientId) {
        try {
            MQTTSessionState state = MQTTStateManager.getInstance(artemis).removeSessionState(clientId);
            if (state == null) {
                return;
            }
            for (MqttTopicSubscription subscription : state.getSubscriptions()) {
                SimpleString queue = SimpleString.of(MQTTUtil.getCoreQueueFromMqttTopic(
                        subscription.topicFilter(),
                        clientId,
                        artemis.getConfiguration().getWildcardConfiguration()));
                if (!MQTTUtil.isSharedSubscription(subscription.topicFilter()) && artemis.locateQueue(queue) != null) {
                    artemis.destroyQueue(queue);
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(
                    "The embedded MQTT broker does not let go of the session of " + clientId, e);
        }
    }

    @Override
    public void close() {
        try {
            artemis.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The embedded MQTT broker cannot be stopped: " + e.getMessage(), e);
        } finally {
            undisturbedClose.close();
        }
    }

    /** Allows the gateway everything. */
    private final class OneUser implements ActiveMQSecurityManager {
        @Override
        public boolean validateUser(String user, String offered) {
            return USER_NAME.equals(user) && password.equals(offered);
        }

        @Override
        public boolean validateUserAndRole(String user, String offered, Set<Role> roles, CheckType checkType) {
            return validateUser(user, offered);
        }
    }
}
