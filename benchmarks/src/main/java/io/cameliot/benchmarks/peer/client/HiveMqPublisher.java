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

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.server.ServerAddress;

/** HiveMQ's asynchronous client. */
public final class HiveMqPublisher implements Publisher {

    private final Mqtt3AsyncClient client;
    private final Mqtt3Publish template;

    public HiveMqPublisher(PublishSettings settings) {
        client = client(settings.server(), settings.identity());
        template = Mqtt3Publish.builder()
                .topic(settings.topic())
                .qos(MqttQos.fromCode(settings.qos()))
                .build();
        client.connect().join();
    }

    public static Mqtt3AsyncClient client(ServerAddress server, String identity) {
        PemIdentity tls = PemIdentity.of(server, identity);
        return MqttClient.builder()
                .useMqttVersion3()
                .identifier(identity + "-hivemq")
                .serverHost(ServerAddress.HOST)
                .serverPort(server.port())
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(tls.keys())
                        .trustManagerFactory(tls.trust())
                        .build())
                .buildAsync();
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        client.publish(template.extend().payload(payload).build())
                .whenComplete((result, failure) -> completion.done(failure));
    }

    @Override
    public void close() {
        client.disconnect().join();
    }
}
