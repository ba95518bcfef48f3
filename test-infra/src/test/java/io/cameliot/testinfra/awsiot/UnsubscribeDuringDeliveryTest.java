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

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A subscription may end while QoS 0 messages are being delivered to it. */
class UnsubscribeDuringDeliveryTest {
    private static final int ROUNDS = 100;

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    private final AwsIotEmulator aws = AWS.emulator();

    @Test
    void answersAnUnsubscribeAtOnceUnderAStreamOfMessages() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> {
            while (!ended.get()) {
                aws.publish("stream", "x", 0);
            }
        });
        try (MqttWire wire = Mqtt5Packets.connected(aws, "unsubscriber")) {
            for (int round = 0; round < ROUNDS; round++) {
                wire.send(MqttWire.subscribe(1, "stream"));
                skipTo(wire, MqttMessageType.PUBLISH);
                wire.send(Mqtt5Packets.unsubscribe(2, "stream"));
                skipTo(wire, MqttMessageType.UNSUBACK);
            }
        } finally {
            ended.set(true);
        }
        assertThat(stream).succeedsWithin(Duration.ofSeconds(20));
    }

    private static void skipTo(MqttWire wire, MqttMessageType type) throws IOException {
        MqttMessage next;
        do {
            next = wire.next();
            ReferenceCountUtil.release(next);
        } while (next.fixedHeader().messageType() != type);
    }
}
