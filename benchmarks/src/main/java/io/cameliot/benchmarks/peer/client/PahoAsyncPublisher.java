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
import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.peer.route.CamelUris;
import io.cameliot.benchmarks.server.ServerAddress;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho's asynchronous client, without Camel. */
public final class PahoAsyncPublisher implements Publisher {

    private final PublishSettings settings;
    private final MqttAsyncClient client;

    public PahoAsyncPublisher(PublishSettings settings) throws MqttException {
        this.settings = settings;
        client = new MqttAsyncClient(
                "ssl://" + ServerAddress.HOST + ":" + settings.server().port(),
                settings.identity() + "-paho-async",
                new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(CamelUris.PAHO_MAX_INFLIGHT);
        options.setSocketFactory(
                PemIdentity.of(settings.server(), settings.identity()).context().getSocketFactory());
        client.connect(options).waitForCompletion();
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        try {
            client.publish(settings.topic(), message(payload), null, new IMqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    completion.done(null);
                }

                @Override
                public void onFailure(IMqttToken token, Throwable failure) {
                    completion.done(failure);
                }
            });
        } catch (MqttException e) {
            completion.done(e);
        }
    }

    /** Uses the token, because Paho wakes a waiting thread before it calls listeners. */
    @Override
    public void publishAndWait(byte[] payload) throws MqttException {
        client.publish(settings.topic(), message(payload)).waitForCompletion();
    }

    private MqttMessage message(byte[] payload) {
        MqttMessage message = new MqttMessage(payload);
        message.setQos(settings.qos());
        return message;
    }

    @Override
    public void close() throws MqttException {
        client.disconnect().waitForCompletion();
        client.close();
    }
}
