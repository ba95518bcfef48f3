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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A device with Paho, MQTT 3.1.1, that connects to {@code localhost}; the emulator needs that custom domain. */
final class PahoDevice implements AutoCloseable {
    private static final long TIMEOUT_MILLIS = 10_000;

    private final String uri;
    private final String clientId;
    private final MqttConnectOptions options = new MqttConnectOptions();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> losses = new LinkedBlockingQueue<>();
    private boolean manualAcks;
    private MqttClient client;

    record Received(String topic, String payload, int qos, boolean retained, boolean duplicate) {}

    PahoDevice(AwsIotEmulator aws, String clientId) {
        this(aws, clientId, aws.issueDevice(clientId));
    }

    PahoDevice(AwsIotEmulator aws, String clientId, IssuedCertificate identity) {
        this.uri = "ssl://localhost:" + aws.port(GatewayPort.MQTT_8883);
        this.clientId = clientId;
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setMaxInflight(100);
        options.setConnectionTimeout(10);
        options.setSocketFactory(
                TlsClient.context(aws.serverAuthority().certificate(), identity).getSocketFactory());
    }

    MqttConnectOptions options() {
        return options;
    }

    MqttClient client() {
        return client;
    }

    /** Leaves the acknowledgement of messages to {@link #client()}. */
    PahoDevice withManualAcks() {
        manualAcks = true;
        return this;
    }

    /**
     * Connects, or connects again with a new client: Paho 1.2.5 can hang forever in a connect after a lost connection
     * if its sender thread has not ended yet.
     */
    PahoDevice connect() throws MqttException {
        close();
        client = new MqttClient(uri, clientId, new MemoryPersistence());
        client.setTimeToWait(TIMEOUT_MILLIS);
        client.setCallback(new Callback());
        client.setManualAcks(manualAcks);
        client.connect(options);
        return this;
    }

    PahoDevice subscribe(String topicFilter, int qos) throws MqttException {
        client.subscribe(topicFilter, qos);
        return this;
    }

    void publish(String topic, String payload, int qos) throws MqttException {
        client.publish(topic, payload.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    Received next() throws InterruptedException {
        Received message = received.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(message).as("a message within ten seconds").isNotNull();
        return message;
    }

    /** Reads until a message arrives. Earlier ones may be duplicates, which "at least once" allows. */
    void awaitPayload(String payload) throws InterruptedException {
        while (!next().payload().equals(payload)) {
            // next() fails if nothing more arrives
        }
    }

    boolean hasReceivedNothing() {
        return received.isEmpty();
    }

    void awaitConnectionLoss() throws InterruptedException {
        assertThat(losses.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS))
                .as("a connection loss within ten seconds")
                .isNotNull();
    }

    @Override
    public void close() throws MqttException {
        if (client == null) {
            return;
        }
        try {
            if (client.isConnected()) {
                client.disconnect(TIMEOUT_MILLIS);
            }
        } finally {
            client.close(true);
        }
    }

    private final class Callback implements MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {
            losses.add(cause);
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            received.add(new Received(
                    topic,
                    new String(message.getPayload(), StandardCharsets.UTF_8),
                    message.getQos(),
                    message.isRetained(),
                    message.isDuplicate()));
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {}
    }
}
