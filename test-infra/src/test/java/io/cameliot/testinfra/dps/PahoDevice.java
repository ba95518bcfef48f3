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

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.identity.SharedAccessSignature;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A simple device: Paho's client without any logic. */
final class PahoDevice implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final String RESPONSES = "$dps/registrations/res/#";

    private static final String REGISTER = "$dps/registrations/PUT/iotdps-register/?$rid=";
    private static final String POLL = "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=";

    private final Client client;
    private final MqttConnectOptions options = new MqttConnectOptions();
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> losses = new LinkedBlockingQueue<>();
    private int lastRequestId;

    /** A message that the device received. */
    record Message(String topic, int qos, String text) {

        int status() {
            return Integer.parseInt(topic.split("/")[3]);
        }

        String properties() {
            return topic.substring(topic.indexOf('?') + 1);
        }

        JsonNode json() {
            try {
                return new JsonMapper().readTree(text);
            } catch (JsonProcessingException e) {
                throw new AssertionError("Not JSON: " + text, e);
            }
        }

        String at(String pointer) {
            return json().at(pointer).asText();
        }
    }

    private PahoDevice(String uri, String clientId, SSLContext tls, String hostName) throws MqttException {
        client = new Client(uri, clientId, new MemoryPersistence());
        client.setTimeToWait(PATIENCE.toMillis());
        client.setCallback(new MqttCallback() {
            @Override
            public void connectionLost(Throwable cause) {
                losses.add(cause);
            }

            @Override
            public void messageArrived(String topic, MqttMessage message) {
                messages.add(
                        new Message(topic, message.getQos(), new String(message.getPayload(), StandardCharsets.UTF_8)));
            }

            @Override
            public void deliveryComplete(IMqttDeliveryToken token) {
                // Only the answer matters.
            }
        });
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setSocketFactory(new LoopbackSslSocketFactory(tls, hostName));
    }

    /** Creates a device of the provisioning service without credentials. */
    static PahoDevice at(DpsEmulator dps, String registrationId) throws MqttException {
        return new PahoDevice(
                "ssl://localhost:" + dps.mqttPort(), registrationId, trusting(dps), DpsEmulator.GLOBAL_HOST_NAME);
    }

    static PahoDevice overWebSocket(DpsEmulator dps, String registrationId, String path) throws MqttException {
        return new PahoDevice(
                "wss://localhost:" + dps.webSocketPort() + path,
                registrationId,
                trusting(dps),
                DpsEmulator.GLOBAL_HOST_NAME);
    }

    static PahoDevice atHub(DpsEmulator dps, String hub, String deviceId) throws MqttException {
        PahoDevice device = new PahoDevice("ssl://localhost:" + dps.hubPort(), deviceId, trusting(dps), hub);
        device.userName(hub + "/" + deviceId + "/?api-version=2021-04-12");
        return device;
    }

    private static SSLContext trusting(DpsEmulator dps) {
        return TlsClient.context(dps.serverAuthority().certificate(), null);
    }

    PahoDevice tls(TestCertificateAuthority trusted, IssuedCertificate identity, String hostName) {
        SSLContext context = TlsClient.context(trusted.certificate(), identity);
        options.setSocketFactory(new LoopbackSslSocketFactory(context, hostName));
        return this;
    }

    PahoDevice userName(String userName) {
        options.setUserName(userName);
        return this;
    }

    PahoDevice password(String password) {
        options.setPassword(password.toCharArray());
        return this;
    }

    MqttConnectOptions options() {
        return options;
    }

    static String userName(DpsEmulator dps, String registrationId) {
        return dps.idScope() + "/registrations/" + registrationId + "/api-version=2019-03-31";
    }

    static String token(DpsEmulator dps, String registrationId, EnrollmentKey key) {
        return SharedAccessSignature.sign(
                        dps.idScope() + "/registrations/" + registrationId,
                        key,
                        Instant.now().plusSeconds(3600),
                        "registration")
                .token();
    }

    /** Connects and subscribes correctly with a symmetric key. */
    static PahoDevice connected(DpsEmulator dps, String registrationId, EnrollmentKey key) throws MqttException {
        return at(dps, registrationId)
                .userName(userName(dps, registrationId))
                .password(token(dps, registrationId, key))
                .connect()
                .subscribed();
    }

    /** Connects and subscribes correctly with a certificate. */
    static PahoDevice connected(DpsEmulator dps, String registrationId, IssuedCertificate identity)
            throws MqttException {
        return at(dps, registrationId)
                .tls(dps.serverAuthority(), identity, DpsEmulator.GLOBAL_HOST_NAME)
                .userName(userName(dps, registrationId))
                .connect()
                .subscribed();
    }

    PahoDevice connect() throws MqttException {
        client.connect(options);
        return this;
    }

    PahoDevice subscribed() throws MqttException {
        client.subscribe(RESPONSES, 1);
        return this;
    }

    int subscribe(String filter, int qos) throws MqttException {
        return client.subscribeWithResponse(filter, qos).getGrantedQos()[0];
    }

    MqttClient client() {
        return client;
    }

    /** Publishes a register request with the next request id. */
    void sendRegister(String body, int qos) throws MqttException {
        publish(REGISTER + ++lastRequestId, body, qos);
    }

    void sendPoll(String operationId, int qos) throws MqttException {
        publish(POLL + ++lastRequestId + "&operationId=" + operationId, "", qos);
    }

    void publish(String topic, String body, int qos) throws MqttException {
        publish(topic, body, qos, false);
    }

    /** Publishes without waiting: the server may close the connection before the message is written. */
    void publish(String topic, String body, int qos, boolean retained) throws MqttException {
        client.publish(topic, body.getBytes(StandardCharsets.UTF_8), qos, retained);
    }

    Message register(String body) throws Exception {
        sendRegister(body, 1);
        return receive();
    }

    Message poll(String operationId) throws Exception {
        sendPoll(operationId, 1);
        return receive();
    }

    /** Registers and polls without waiting until there is a result. */
    Message provision(String body) throws Exception {
        Message answer = register(body);
        while (answer.status() == 202) {
            answer = poll(answer.at("/operationId"));
        }
        return answer;
    }

    int lastRequestId() {
        return lastRequestId;
    }

    Message receive() throws InterruptedException {
        Message message = messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("No message came within " + PATIENCE + ", connection lost: " + losses);
        }
        return message;
    }

    boolean hasReceivedNothing() {
        return messages.isEmpty();
    }

    void awaitLoss() throws InterruptedException {
        if (losses.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS) == null) {
            throw new AssertionError("The connection is still there after " + PATIENCE);
        }
    }

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            // A normal disconnect would wait for the whole timeout, because Paho does not track what it has sent.
            client.disconnectForcibly(0, 1, true);
        }
        client.close(true);
    }

    /**
     * {@code MqttTopic.publish} waits until the message is written and ignores interrupts, so it waits forever if the
     * server closes the connection first. {@code MqttClient.publish} fails in that case, although only the server's
     * answer matters.
     */
    private static final class Client extends MqttClient {

        Client(String uri, String clientId, MemoryPersistence persistence) throws MqttException {
            super(uri, clientId, persistence);
        }

        @Override
        public void publish(String topic, byte[] payload, int qos, boolean retained) throws MqttException {
            aClient.publish(topic, payload, qos, retained);
        }
    }
}
