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

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.MessageHandler;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.testinfra.awsiot.fault.Fault;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/**
 * No event loop parses JSON: assertions where it is parsed see to that in all tests. PackagesTest holds that it is
 * parsed nowhere else.
 */
class JsonThreadsTest extends DeviceTestSupport {

    @Test
    void parsesNothingOnAnEventLoop() throws Exception {
        camel.start();
        AwsIotDeviceEndpoint endpoint = camel.getEndpoint(uri("threads", "threads", ""), AwsIotDeviceEndpoint.class);
        DeviceConnection connection =
                endpoint.getComponent().links().acquire(endpoint.connectionSettings(), DeviceConnection.class);
        CompletableFuture<Boolean> eventLoop = new CompletableFuture<>();
        CompletableFuture<Throwable> parsed = new CompletableFuture<>();
        connection.connected().get(10, TimeUnit.SECONDS);
        connection
                .subscribe("threads", 1, handler(delivery -> {
                    eventLoop.complete(MqttThreads.isEventLoop());
                    try {
                        ServiceJson.readOrNull(delivery.message().payload());
                        parsed.complete(null);
                    } catch (Throwable e) {
                        parsed.complete(e);
                    }
                    delivery.done(false);
                }))
                .get(10, TimeUnit.SECONDS);

        aws.publish("threads", "{}", 1);

        assertThat(eventLoop.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(parsed.get(10, TimeUnit.SECONDS)).isInstanceOf(AssertionError.class);
        assertThat(ServiceJson.readOrNull(bytes("{}"))).isNotNull();
        endpoint.getComponent().links().release(connection).get(10, TimeUnit.SECONDS);
    }

    @Test
    void readsAnswersThatAcceptAndRejectElsewhere() throws Exception {
        camel.start();
        aws.thing("json").shadow().setDesired("{\"n\":1}");
        aws.faults().inject(new Fault.RejectRequest("$aws/things/json/shadow/delete", "409", "Version conflict"));

        Exchange accepted = ask("$aws/things/json/shadow/get");
        Exchange rejected = ask("$aws/things/json/shadow/delete");

        assertThat(accepted.getException()).isNull();
        assertThat(accepted.getMessage().getBody(String.class)).contains("\"n\":1");
        assertThat(rejected.getException()).hasMessageContaining("Version conflict");
    }

    private Exchange ask(String topic) {
        return camel.createProducerTemplate()
                .request(uri(topic, "json", "&requestTimeout=10s"), exchange -> exchange.getIn()
                        .setBody(""));
    }

    private static MessageHandler handler(Consumer<InboundDelivery> arrived) {
        return new MessageHandler() {
            @Override
            public void messageArrived(InboundDelivery delivery) {
                arrived.accept(delivery);
            }

            @Override
            public void subscriptionRefused(IOException reason) {
                // The future of the subscription tells.
            }

            @Override
            public void subscriptionGranted() {
                // The future of the subscription tells.
            }
        };
    }
}
