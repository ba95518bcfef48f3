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

import static io.cameliot.testinfra.awsiot.AwsSdkDevice.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.cameliot.testinfra.awsiot.AwsSdkDevice.Stream;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.crt.CrtRuntimeException;
import software.amazon.awssdk.crt.mqtt.MqttClientConnection;
import software.amazon.awssdk.iot.iotshadow.IotShadowV2Client;
import software.amazon.awssdk.iot.iotshadow.model.DeleteNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.DeleteShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.GetShadowResponse;
import software.amazon.awssdk.iot.iotshadow.model.NamedShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.NamedShadowUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowDeltaUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.ShadowState;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedEvent;
import software.amazon.awssdk.iot.iotshadow.model.ShadowUpdatedSubscriptionRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateNamedShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowRequest;
import software.amazon.awssdk.iot.iotshadow.model.UpdateShadowResponse;
import software.amazon.awssdk.iot.iotshadow.model.V2ErrorResponse;
import software.amazon.awssdk.iot.iotshadow.model.V2ErrorResponseException;

/** Tests the emulator's shadows with the shadow client of AWS's SDK. */
class AwsSdkShadowTest {
    @RegisterExtension
    static final AwsIotEmulatorExtension AWS =
            new AwsIotEmulatorExtension(AwsIotEmulator.builder().customDomain(AwsSdkDevice.HOST));

    private final AwsIotEmulator aws = AWS.emulator();
    private String thing;
    private AwsSdkDevice device;
    private IotShadowV2Client shadows;

    @BeforeEach
    void connect(TestInfo test) throws Exception {
        thing = test.getTestMethod().orElseThrow().getName();
        device = new AwsSdkDevice(aws, thing);
        shadows = IotShadowV2Client.newFromMqtt5(device.client(), AwsSdkDevice.options());
    }

    @AfterEach
    void disconnect() throws Exception {
        shadows.close();
        device.close();
    }

    @Test
    void updatesReadsAndDeletesAClassicShadow() throws Exception {
        UpdateShadowResponse updated =
                await(shadows.updateShadow(update(Map.of("light", "on"), Map.of("light", "off"))));
        assertThat(updated.version).isEqualTo(1);
        assertThat(updated.state.desired).containsExactly(Map.entry("light", "on"));
        assertThat(updated.metadata.desired).containsOnlyKeys("light");

        GetShadowResponse read = await(shadows.getShadow(get()));
        assertThat(read.version).isEqualTo(1);
        assertThat(read.state.desired).containsExactly(Map.entry("light", "on"));
        assertThat(read.state.reported).containsExactly(Map.entry("light", "off"));
        assertThat(read.state.delta).containsExactly(Map.entry("light", "on"));
        assertThat(read.timestamp).isNotNull();

        DeleteShadowRequest deletion = new DeleteShadowRequest();
        deletion.thingName = thing;
        assertThat(await(shadows.deleteShadow(deletion)).version).isEqualTo(1);
        assertThat(aws.thing(thing).shadow().exists()).isFalse();
    }

    @Test
    void updatesReadsAndDeletesANamedShadow() throws Exception {
        UpdateNamedShadowRequest update = new UpdateNamedShadowRequest();
        update.thingName = thing;
        update.shadowName = "door";
        update.state = new ShadowState();
        update.state.reported = new HashMap<>(Map.of("open", true));
        assertThat(await(shadows.updateNamedShadow(update)).version).isEqualTo(1);

        GetNamedShadowRequest get = new GetNamedShadowRequest();
        get.thingName = thing;
        get.shadowName = "door";
        assertThat(await(shadows.getNamedShadow(get)).state.reported).containsExactly(Map.entry("open", true));
        assertThat(aws.thing(thing).shadowNames()).containsExactly("door");
        assertThat(aws.thing(thing).shadow().exists()).isFalse();

        DeleteNamedShadowRequest delete = new DeleteNamedShadowRequest();
        delete.thingName = thing;
        delete.shadowName = "door";
        assertThat(await(shadows.deleteNamedShadow(delete)).version).isEqualTo(1);
        assertThat(aws.thing(thing).shadowNames()).isEmpty();
    }

    @Test
    void receivesTheDeltaOfATestsDesiredState() throws Exception {
        ShadowDeltaUpdatedSubscriptionRequest subscription = new ShadowDeltaUpdatedSubscriptionRequest();
        subscription.thingName = thing;
        try (Stream<ShadowDeltaUpdatedEvent> deltas =
                Stream.open(options -> shadows.createShadowDeltaUpdatedStream(subscription, options))) {
            ThingShadow shadow = aws.thing(thing).shadow();
            shadow.setReported("{\"light\":\"off\",\"level\":3}");
            shadow.setDesired("{\"light\":\"on\",\"level\":3}");

            ShadowDeltaUpdatedEvent delta = deltas.next();
            assertThat(delta.version).isEqualTo(2);
            assertThat(delta.state).containsExactly(Map.entry("light", "on"));
            assertThat(delta.metadata).containsOnlyKeys("light");

            await(shadows.updateShadow(update(null, Map.of("light", "on"))));
            assertThat(shadow.delta()).isEmpty();
            assertThat(deltas.isEmpty()).isTrue();
        }
    }

    @Test
    void receivesDeltaAndDocumentsOfANamedShadow() throws Exception {
        NamedShadowDeltaUpdatedSubscriptionRequest deltaSubscription = new NamedShadowDeltaUpdatedSubscriptionRequest();
        deltaSubscription.thingName = thing;
        deltaSubscription.shadowName = "door";
        NamedShadowUpdatedSubscriptionRequest documentSubscription = new NamedShadowUpdatedSubscriptionRequest();
        documentSubscription.thingName = thing;
        documentSubscription.shadowName = "door";
        try (Stream<ShadowDeltaUpdatedEvent> deltas = Stream.open(
                        options -> shadows.createNamedShadowDeltaUpdatedStream(deltaSubscription, options));
                Stream<ShadowUpdatedEvent> documents =
                        Stream.open(options -> shadows.createNamedShadowUpdatedStream(documentSubscription, options))) {
            aws.thing(thing).shadow("door").setDesired("{\"open\":true}");

            assertThat(deltas.next().state).containsExactly(Map.entry("open", true));
            assertThat(documents.next().current.state.desired).containsExactly(Map.entry("open", true));
        }
    }

    @Test
    void receivesTheDocumentsBeforeAndAfterAnUpdate() throws Exception {
        aws.thing(thing).shadow().setReported("{\"light\":\"off\"}");
        ShadowUpdatedSubscriptionRequest subscription = new ShadowUpdatedSubscriptionRequest();
        subscription.thingName = thing;
        try (Stream<ShadowUpdatedEvent> documents =
                Stream.open(options -> shadows.createShadowUpdatedStream(subscription, options))) {
            await(shadows.updateShadow(update(null, Map.of("light", "on"))));

            ShadowUpdatedEvent event = documents.next();
            if (event.current.version == 1) {
                // The broker may pass on the first update's event only after the stream has subscribed.
                event = documents.next();
            }
            assertThat(event.previous.version).isEqualTo(1);
            assertThat(event.previous.state.reported).containsExactly(Map.entry("light", "off"));
            assertThat(event.current.version).isEqualTo(2);
            assertThat(event.current.state.reported).containsExactly(Map.entry("light", "on"));
        }
    }

    @Test
    void receivesAnErrorForAMissingShadow() {
        V2ErrorResponse error = rejection(() -> await(shadows.getShadow(get())));

        assertThat(error.code).isEqualTo(404);
        assertThat(error.message).isEqualTo("No shadow exists with name: '" + thing + "'");
    }

    @Test
    void receivesAnErrorForAVersionConflict() {
        aws.thing(thing).shadow().setDesired("{\"light\":\"on\"}");
        UpdateShadowRequest update = update(null, Map.of("light", "on"));
        update.version = 9;

        V2ErrorResponse error = rejection(() -> await(shadows.updateShadow(update)));

        assertThat(error.code).isEqualTo(409);
        assertThat(error.message).isEqualTo("Version conflict");
        assertThat(aws.thing(thing).shadow().version()).isEqualTo(1);
    }

    @Test
    void isThrottledBeyondTenRequestsInFlight() throws Exception {
        await(shadows.updateShadow(update(null, Map.of("light", "on"))));
        String answers = "$aws/things/" + thing + "/shadow/get/+";
        aws.faults().inject(new Fault.DelayMessage(answers, Duration.ofSeconds(1)), 10);

        List<CompletableFuture<GetShadowResponse>> ten = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ten.add(shadows.getShadow(get()));
        }
        V2ErrorResponse error = rejection(() -> await(shadows.getShadow(get())));

        assertThat(error.code).isEqualTo(429);
        for (CompletableFuture<GetShadowResponse> each : ten) {
            assertThat(await(each).version).isEqualTo(1);
        }
        assertThat(await(shadows.getShadow(get())).version).isEqualTo(1);
    }

    @Test
    void receivesAnInjectedError() {
        aws.faults().inject(new Fault.RejectRequest("$aws/things/+/shadow/get", "500", "Internal service failure"));

        V2ErrorResponse error = rejection(() -> await(shadows.getShadow(get())));

        assertThat(error.code).isEqualTo(500);
        assertThat(error.message).isEqualTo("Internal service failure");
    }

    @Test
    void timesOutWithoutAnAnswer() throws Exception {
        aws.thing(thing).shadow().setReported("{}");
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/+/shadow/get/+"));

        assertThatThrownBy(() -> await(shadows.getShadow(get())))
                .cause()
                .isInstanceOf(CrtRuntimeException.class)
                .hasMessageContaining("timeout");
        assertThat(await(shadows.getShadow(get())).version).isEqualTo(1);
    }

    @Test
    void worksOverMqtt311() throws Exception {
        MqttClientConnection connection = AwsSdkDevice.connectMqtt311(aws, thing + "-3");
        try (IotShadowV2Client client = IotShadowV2Client.newFromMqtt311(connection, AwsSdkDevice.options())) {
            assertThat(await(client.updateShadow(update(Map.of("a", 1), null))).version)
                    .isEqualTo(1);
            assertThat(await(client.getShadow(get())).state.delta).containsOnlyKeys("a");
        } finally {
            await(connection.disconnect());
            connection.close();
        }
    }

    private GetShadowRequest get() {
        GetShadowRequest request = new GetShadowRequest();
        request.thingName = thing;
        return request;
    }

    private UpdateShadowRequest update(Map<String, Object> desired, Map<String, Object> reported) {
        UpdateShadowRequest request = new UpdateShadowRequest();
        request.thingName = thing;
        request.state = new ShadowState();
        request.state.desired = desired == null ? null : new HashMap<>(desired);
        request.state.reported = reported == null ? null : new HashMap<>(reported);
        return request;
    }

    private static V2ErrorResponse rejection(ThrowingCallable request) {
        return assertThatThrownBy(request)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .asInstanceOf(type(V2ErrorResponseException.class))
                .actual()
                .getModeledError();
    }
}
