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
package io.cameliot.awsiot.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.AwsIotDeviceConnectionView;
import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.fault.DeliveryLedger;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.awaitility.core.ConditionFactory;

/**
 * One device, the proxy through which alone it reaches the emulator, and the account of its messages. Several can be at
 * work at a time on one emulator: client id, topic and proxy are a scene's own.
 */
final class FaultScene implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(25);
    /** Of one length, so that none is part of another. */
    private static final AtomicInteger SCENES = new AtomicInteger(1000);

    final AwsIotEmulator aws;
    final FaultProxy proxy;
    final String clientId = "device-" + SCENES.incrementAndGet();
    final Path folder;
    final CamelContext camel = Contexts.withoutJmx();
    final DeliveryLedger ledger = new DeliveryLedger();
    private NumberedTraffic traffic;
    private boolean keepsSession = true;

    FaultScene(AwsIotEmulator aws, GatewayPort port, Path folder) {
        this.aws = aws;
        this.folder = folder;
        this.proxy = FaultProxy.to("127.0.0.1", aws.port(port)).start();
        camel.getShutdownStrategy().setTimeout(10);
    }

    String topic() {
        return "numbered/" + clientId;
    }

    /** Makes a certificate the one that the device has, from its next connection on. */
    void install(IssuedCertificate certificate) {
        certificate.writeTo(folder, "device");
    }

    /**
     * Lets the device begin each connection with a new session. Then the server forgets its subscription and what comes
     * while it is away, and only what the device publishes is accounted for: whether the server has it.
     */
    void beginNewSessions() {
        keepsSession = false;
    }

    /** The URI of the device's endpoints. */
    String uri(String identity, String options) {
        return "awsiot-device:" + topic() + "?endpoint=" + aws.endpoint() + "&connectTo=" + proxy.address() + "&"
                + options(identity) + options;
    }

    /** The same where the endpoint's own name leads to the proxy. */
    String uriByName(String identity) {
        return "awsiot-device:" + topic() + "?endpoint=" + aws.endpoint() + "&strictProfile=false&port=" + proxy.port()
                + "&" + options(identity);
    }

    /** With short times, so that a fault is over soon. */
    private String options(String identity) {
        return "clientId=" + clientId + "&cleanSession=" + !keepsSession
                + "&reconnectMinDelay=50ms&reconnectMaxDelay=200ms&caFile="
                + aws.serverAuthority().writeCertificate(folder.resolve("ca.pem")) + "&" + identity;
    }

    String certificate() {
        return "certificateFile=" + folder.resolve("device.cert.pem") + "&privateKeyFile="
                + folder.resolve("device.key.pem");
    }

    /** Starts the device, and returns when its messages go round. */
    void start(String uri) throws Exception {
        traffic = new NumberedTraffic(camel, uri, ledger);
        camel.start();
        awaiting("the first subscription").until(() -> connections().stream()
                .anyMatch(connection -> connection.topicFilters().contains(topic())));
        traffic.begin();
        awaitHearing();
    }

    /** Waits until what is published from now on arrives, from the device and from others. */
    void awaitHearing() {
        publishFromOutside();
        awaitRoundTrip();
    }

    private void awaitRoundTrip() {
        int next = ledger.sent();
        awaiting("message " + next + " or a later one, which goes out and comes back")
                .until(() -> ledger.hasReceivedSince(next));
    }

    /** Publishes as another device does, also while this one cannot be reached. */
    void publishFromOutside() {
        int number = ledger.next();
        aws.publish(topic(), String.valueOf(number), 1);
        if (keepsSession) {
            ledger.accept(number);
        }
    }

    /** Waits until the device has lost its connection, or has had it and another. */
    void awaitLoss(long reconnectsBefore) {
        awaiting("the loss of the connection")
                .until(() -> !isConnected() || connection().getReconnects() > reconnectsBefore);
    }

    void awaitReconnects(long count) {
        awaiting("reconnect " + count).until(() -> connection().getReconnects() >= count);
    }

    void awaitError(String part) {
        awaiting("an error with '" + part + "'")
                .until(() -> String.valueOf(connection().getLastError()).contains(part));
    }

    void awaitStruck(InjectedFault fault) {
        awaiting(fault.fault() + " to strike").until(() -> !fault.isPending());
    }

    /** Lets a fault of the gateway happen to this device. */
    InjectedFault inject(Fault fault, int times) {
        return aws.faults().inject(fault, times, clientId::equals);
    }

    boolean isConnected() {
        return connection().getConnectionState().equals("CONNECTED");
    }

    AwsIotDeviceConnectionView connection() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }

    static ConditionFactory awaiting(String what) {
        return await(what).atMost(PATIENCE);
    }

    /** Publishes one message more, after the others have ended, and waits until it arrives. */
    void publishOnce() {
        int number = ledger.sent();
        traffic.publish();
        awaiting("message " + number).until(() -> ledger.hasReceivedSince(number));
    }

    /** Stops publishing and checks the account: whatever was accepted has arrived. */
    void assertNothingIsLost() throws Exception {
        assertEveryExchangeEnds();
        if (!keepsSession) {
            aws.receivedPublishes(topic()).forEach(publish -> ledger.receive(number(publish)));
        }
        awaitArrivals();
        assertThat(ledger.accepted()).isPositive();
    }

    private static int number(ReceivedPublish publish) {
        return Integer.parseInt(publish.text());
    }

    /** Stops publishing and waits for the outcome of what was published. */
    void assertEveryExchangeEnds() throws Exception {
        assertThat(traffic.end(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("every exchange ends")
                .isTrue();
    }

    /** Waits until all has arrived that was accepted so far. */
    private void awaitArrivals() {
        awaiting("all that was accepted")
                .untilAsserted(
                        () -> assertThat(ledger.missing()).as(ledger.toString()).isEqualTo(new BitSet()));
    }

    /** Stops the device and checks that it leaves no thread, socket or connection behind. */
    @Override
    public void close() {
        try {
            if (traffic != null) {
                traffic.close();
            }
            camel.stop();
            proxy.clear();
            awaiting("no thread").untilAsserted(() -> assertThat(threads()).isEmpty());
            awaiting("no socket").untilAsserted(() -> assertThat(OpenSockets.to(proxy.port()))
                    .isEmpty());
            awaiting("no connection")
                    .untilAsserted(() -> assertThat(connections()).isEmpty());
        } finally {
            proxy.close();
        }
    }

    List<ConnectionInfo> connections() {
        return aws.connectionsOf(clientId).stream()
                .filter(ConnectionInfo::isOpen)
                .toList();
    }

    /** Camel names a context's threads after the context. */
    private List<String> threads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().contains("(" + camel.getName() + ")")
                        || thread.getKey().getName().contains(clientId))
                .map(thread -> thread.getKey().getName() + Arrays.toString(thread.getValue()))
                .toList();
    }
}
