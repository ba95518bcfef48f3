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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.QOS;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.crt.mqtt5.packets.PublishPacket;
import software.amazon.awssdk.crt.mqtt5.packets.SubscribePacket;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;

/** AWS's own MQTT 5 client, connected to an emulator that has the custom domain {@link #HOST}. */
final class AwsSdkClient implements AutoCloseable, LifecycleEvents {

    static final String HOST = "localhost";

    private static final long SECONDS = 20;

    private final BlockingQueue<PublishPacket> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Mqtt5Client client;

    AwsSdkClient(AwsIotEmulator aws, String clientId) throws Exception {
        IssuedCertificate identity = aws.deviceAuthority().certificate(clientId).issue();
        try (AwsIotMqtt5ClientBuilder builder = AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory(
                HOST, identity.chainPem(), identity.privateKeyPem(KeyFormat.SEC1))) {
            client = builder.withPort((long) aws.port(GatewayPort.MQTT_8883))
                    .withCertificateAuthority(aws.serverAuthority().certificatePem())
                    .withConnectProperties(new ConnectPacketBuilder().withClientId(clientId))
                    .withLifeCycleEvents(this)
                    .withPublishEvents((receiver, message) -> messages.add(message.getPublishPacket()))
                    .build();
        }
        client.start();
        await(connected);
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(SECONDS, TimeUnit.SECONDS);
    }

    /** For the SDK's service clients. */
    Mqtt5Client client() {
        return client;
    }

    void subscribe(String filter) throws Exception {
        await(client.subscribe(SubscribePacket.of(filter, QOS.AT_LEAST_ONCE)));
    }

    void publish(PublishPacket packet) throws Exception {
        await(client.publish(packet));
    }

    PublishPacket next() throws InterruptedException {
        PublishPacket next = messages.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    @Override
    public void close() throws Exception {
        client.stop();
        await(stopped);
        client.close();
    }

    @Override
    public void onAttemptingConnect(Mqtt5Client attempting, OnAttemptingConnectReturn event) {}

    @Override
    public void onConnectionSuccess(Mqtt5Client connecting, OnConnectionSuccessReturn event) {
        connected.complete(null);
    }

    @Override
    public void onConnectionFailure(Mqtt5Client failing, OnConnectionFailureReturn event) {
        connected.completeExceptionally(new IllegalStateException("Error " + event.getErrorCode()));
    }

    @Override
    public void onDisconnection(Mqtt5Client disconnected, OnDisconnectionReturn event) {}

    @Override
    public void onStopped(Mqtt5Client stopping, OnStoppedReturn event) {
        stopped.complete(null);
    }
}
