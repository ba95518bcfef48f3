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
package io.cameliot.benchmarks.peer.client;

import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.peer.api.SubscribeSettings;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.ExtendedValidationAndFlowControlOptions;
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

/** The MQTT 5 client of AWS's IoT Device SDK, which uses native code. */
public final class AwsSdkClient implements Publisher {

    private static final long PATIENCE_SECONDS = 30;
    private static final long RECEIVE_MAXIMUM = 100;

    private final Mqtt5Client client;
    private final Lifecycle lifecycle = new Lifecycle();
    private final String topic;
    private final QOS qos;

    /**
     * Connects a client.
     *
     * @param onMessage null for a client that does not subscribe
     */
    private AwsSdkClient(
            ServerAddress server, String identity, String topic, int qos, Consumer<PublishPacket> onMessage) {
        this.topic = topic;
        this.qos = qos == 0 ? QOS.AT_MOST_ONCE : QOS.AT_LEAST_ONCE;
        try (AwsIotMqtt5ClientBuilder builder = AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromPath(
                ServerAddress.HOST,
                server.certificate(identity).toString(),
                server.privateKey(identity).toString())) {
            builder.withPort((long) server.port())
                    .withCertificateAuthorityFromPath(null, server.authority().toString())
                    .withConnectProperties(new ConnectPacketBuilder()
                            .withClientId(identity + "-aws-sdk")
                            .withKeepAliveIntervalSeconds(60L)
                            .withReceiveMaximum(RECEIVE_MAXIMUM))
                    .withExtendedValidationAndFlowControlOptions(ExtendedValidationAndFlowControlOptions.NONE)
                    .withLifeCycleEvents(lifecycle);
            if (onMessage != null) {
                builder.withPublishEvents((mqtt, message) -> onMessage.accept(message.getPublishPacket()));
            }
            client = builder.build();
        }
        client.start();
        await(lifecycle.connected);
    }

    public static AwsSdkClient publisher(PublishSettings settings) {
        return new AwsSdkClient(settings.server(), settings.identity(), settings.topic(), settings.qos(), null);
    }

    public static AwsSdkClient receiver(SubscribeSettings settings) {
        AwsSdkClient receiver =
                new AwsSdkClient(settings.server(), settings.identity(), settings.topic(), 1, packet -> {
                    settings.onMessage().run();
                });
        await(receiver.client.subscribe(SubscribePacket.of(settings.topic(), QOS.AT_LEAST_ONCE)));
        return receiver;
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        client.publish(PublishPacket.of(topic, qos, payload))
                .whenComplete((result, failure) -> completion.done(failure));
    }

    @Override
    public void close() {
        client.stop();
        await(lifecycle.stopped);
        client.close();
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The AWS SDK did not do it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static final class Lifecycle implements LifecycleEvents {

        private final CompletableFuture<Void> connected = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();

        @Override
        public void onAttemptingConnect(Mqtt5Client client, OnAttemptingConnectReturn event) {
            // Only the result matters.
        }

        @Override
        public void onConnectionSuccess(Mqtt5Client client, OnConnectionSuccessReturn event) {
            connected.complete(null);
        }

        @Override
        public void onConnectionFailure(Mqtt5Client client, OnConnectionFailureReturn event) {
            connected.completeExceptionally(new IllegalStateException("Error code " + event.getErrorCode()));
        }

        @Override
        public void onDisconnection(Mqtt5Client client, OnDisconnectionReturn event) {
            // Messages in flight fail and are counted.
        }

        @Override
        public void onStopped(Mqtt5Client client, OnStoppedReturn event) {
            stopped.complete(null);
        }
    }
}
