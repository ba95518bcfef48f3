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
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.crt.iot.MqttRequestResponseClientOptions;
import software.amazon.awssdk.crt.iot.StreamingOperation;
import software.amazon.awssdk.crt.iot.SubscriptionStatusEventType;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.crt.mqtt5.Mqtt5Client;
import software.amazon.awssdk.crt.mqtt5.Mqtt5ClientOptions.LifecycleEvents;
import software.amazon.awssdk.crt.mqtt5.OnAttemptingConnectReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionFailureReturn;
import software.amazon.awssdk.crt.mqtt5.OnConnectionSuccessReturn;
import software.amazon.awssdk.crt.mqtt5.OnDisconnectionReturn;
import software.amazon.awssdk.crt.mqtt5.OnStoppedReturn;
import software.amazon.awssdk.crt.mqtt5.packets.ConnectPacket.ConnectPacketBuilder;
import software.amazon.awssdk.iot.AwsIotMqtt5ClientBuilder;
import software.amazon.awssdk.iot.AwsIotMqttConnectionBuilder;
import software.amazon.awssdk.iot.V2ClientStreamOptions;

/**
 * A connected device that uses AWS's SDK, for the SDK's service clients. The emulator needs the custom domain
 * localhost.
 */
final class AwsSdkDevice implements AutoCloseable {
    static final String HOST = "localhost";

    private static final long TIMEOUT_SECONDS = 20;
    private static final int OPERATION_TIMEOUT_SECONDS = 5;
    private static final int SUBSCRIPTIONS = 8;

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Mqtt5Client client;

    AwsSdkDevice(AwsIotEmulator aws, String clientId) throws Exception {
        this(aws, clientId, identity(aws, clientId));
    }

    private AwsSdkDevice(AwsIotEmulator aws, String clientId, IssuedCertificate identity) throws Exception {
        this(aws, clientId, identity.chainPem(), identity.privateKeyPem(KeyFormat.SEC1));
    }

    /** With a certificate and its key as PEM. */
    AwsSdkDevice(AwsIotEmulator aws, String clientId, String certificate, String privateKey) throws Exception {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        try (AwsIotMqtt5ClientBuilder builder =
                AwsIotMqtt5ClientBuilder.newDirectMqttBuilderWithMtlsFromMemory(HOST, certificate, privateKey)) {
            client = builder.withPort((long) aws.port(GatewayPort.MQTT_8883))
                    .withCertificateAuthority(aws.serverAuthority().certificatePem())
                    .withConnectProperties(new ConnectPacketBuilder().withClientId(clientId))
                    .withLifeCycleEvents(new Lifecycle(connected))
                    .build();
        }
        client.start();
        await(connected);
    }

    /** Connects with MQTT 3.1.1. */
    static MqttClientConnection connectMqtt311(AwsIotEmulator aws, String clientId) throws Exception {
        IssuedCertificate identity = identity(aws, clientId);
        try (AwsIotMqttConnectionBuilder builder = AwsIotMqttConnectionBuilder.newMtlsBuilder(
                identity.chainPem(), identity.privateKeyPem(KeyFormat.SEC1))) {
            MqttClientConnection connection = builder.withEndpoint(HOST)
                    .withPort(aws.port(GatewayPort.MQTT_8883))
                    .withCertificateAuthority(aws.serverAuthority().certificatePem())
                    .withClientId(clientId)
                    .withCleanSession(true)
                    .build();
            await(connection.connect());
            return connection;
        }
    }

    private static IssuedCertificate identity(AwsIotEmulator aws, String clientId) {
        return aws.deviceAuthority().certificate(clientId).issue();
    }

    Mqtt5Client client() {
        return client;
    }

    static MqttRequestResponseClientOptions options() {
        return MqttRequestResponseClientOptions.builder()
                .withMaxRequestResponseSubscriptions(SUBSCRIPTIONS)
                .withMaxStreamingSubscriptions(SUBSCRIPTIONS)
                .withOperationTimeoutSeconds(OPERATION_TIMEOUT_SECONDS)
                .build();
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        client.stop();
        await(stopped);
        client.close();
    }

    /** The events of an open stream. */
    static final class Stream<T> implements AutoCloseable {
        private final BlockingQueue<T> events = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> established = new CompletableFuture<>();
        private StreamingOperation operation;

        /** Opens a stream, which subscribes to its topic. */
        static <T> Stream<T> open(Function<V2ClientStreamOptions<T>, StreamingOperation> opener) throws Exception {
            Stream<T> stream = new Stream<>();
            stream.operation = opener.apply(V2ClientStreamOptions.<T>builder()
                    .withStreamEventHandler(stream.events::add)
                    .withSubscriptionEventHandler(event -> {
                        if (event.getType() == SubscriptionStatusEventType.SUBSCRIPTION_ESTABLISHED) {
                            stream.established.complete(null);
                        } else {
                            stream.established.completeExceptionally(
                                    new IllegalStateException(event.getType() + " " + event.getError()));
                        }
                    })
                    .withDeserializationFailureHandler(
                            failure -> stream.established.completeExceptionally(failure.getCause()))
                    .build());
            stream.operation.open();
            await(stream.established);
            return stream;
        }

        /** Returns the next event. */
        T next() throws Exception {
            T event = events.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("No event within " + TIMEOUT_SECONDS + " seconds");
            }
            return event;
        }

        boolean isEmpty() {
            return events.isEmpty();
        }

        @Override
        public void close() {
            operation.close();
        }
    }

    private final class Lifecycle implements LifecycleEvents {
        private final CompletableFuture<Void> connected;

        Lifecycle(CompletableFuture<Void> connected) {
            this.connected = connected;
        }

        @Override
        public void onAttemptingConnect(Mqtt5Client attempting, OnAttemptingConnectReturn event) {}

        @Override
        public void onConnectionSuccess(Mqtt5Client connecting, OnConnectionSuccessReturn event) {
            connected.complete(null);
        }

        /** The client retries; {@link #await} limits the time. */
        @Override
        public void onConnectionFailure(Mqtt5Client failing, OnConnectionFailureReturn event) {}

        @Override
        public void onDisconnection(Mqtt5Client disconnected, OnDisconnectionReturn event) {}

        @Override
        public void onStopped(Mqtt5Client stopping, OnStoppedReturn event) {
            stopped.complete(null);
        }
    }
}
