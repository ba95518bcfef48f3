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
package io.cameliot.testinfra.awsiot.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import org.junit.jupiter.api.Test;

class PublishFlowTest {
    private static final int MANY = 100_000;

    private final EmbeddedChannel device = new EmbeddedChannel();
    private final EmbeddedChannel broker = new EmbeddedChannel();
    private final PublishFlow flow = new PublishFlow(device, broker);

    @Test
    void stopsReadingWhenTheBrokerFallsBehind() {
        int published = publishUntilStopped();

        assertThat(published).as("it takes a while").isBetween(100, MANY - 1);
        assertThat(device.config().isAutoRead()).isFalse();
    }

    @Test
    void resumesReadingWhenTheBrokerHasCaughtUp() {
        publishUntilStopped();
        broker.flush();
        int questions = broker.outboundMessages().size();

        for (int i = 0; i < questions; i++) {
            assertThat(flow.isOwnAnswer()).isTrue();
        }

        assertThat(device.config().isAutoRead()).isTrue();
    }

    @Test
    void separatesItsProbesFromTheDevicesUnsubscribes() {
        flow.forward(unsubscribe());
        publishUntilStopped();
        flow.forward(unsubscribe());

        assertThat(flow.isOwnAnswer()).isFalse();
        assertThat(flow.isOwnAnswer()).isTrue();
    }

    private int publishUntilStopped() {
        int published = 0;
        while (device.config().isAutoRead() && published < MANY) {
            flow.published(1024);
            published++;
        }
        return published;
    }

    private static MqttUnsubscribeMessage unsubscribe() {
        return MqttMessageBuilders.unsubscribe()
                .messageId(0xFFFF)
                .addTopicFilter("a")
                .build();
    }
}
