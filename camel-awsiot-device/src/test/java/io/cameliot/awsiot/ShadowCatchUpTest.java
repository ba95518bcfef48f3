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

import static io.cameliot.awsiot.AwsIotDeviceConstants.QOS;
import static io.cameliot.awsiot.AwsIotDeviceConstants.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.receive.SubscriptionRefusedException;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What consumers of shadow deltas get of the time while they were offline. */
class ShadowCatchUpTest extends CatchUpTestSupport {

    @Test
    void getsTheDeltaThatWasThereBefore() throws Exception {
        aws.thing(thing).shadow().setReported("{\"color\":\"red\",\"on\":true}");
        long version = aws.thing(thing).shadow().setDesired("{\"color\":\"blue\",\"on\":true}");

        consume("shadow/update/delta", "", exchange -> {});

        JsonNode delta = received(1).get(0);
        assertThat(delta.get("version").asLong()).isEqualTo(version);
        assertThat(delta.get("state")).isEqualTo(new ObjectMapper().readTree("{\"color\":\"blue\"}"));
        assertThat(delta.at("/metadata/color/timestamp").isNumber()).isTrue();
        assertThat(delta.get("timestamp").isNumber()).isTrue();
        assertThat(delta.has("clientToken")).isFalse();
        assertThat(routed.peek().getMessage().getHeaders())
                .containsEntry(TOPIC, "$aws/things/" + thing + "/shadow/update/delta")
                .containsEntry(QOS, 1);
    }

    @Test
    void looksLikeTheEventThatItReplaces() throws Exception {
        aws.thing(thing).shadow().setReported("{\"a\":{\"b\":1,\"c\":2}}");
        consume("shadow/update/delta", "", exchange -> {});
        aws.thing(thing).shadow().setDesired("{\"a\":{\"b\":9,\"c\":2},\"d\":[1,2]}");
        JsonNode live = received(1).get(0);

        camel.getRouteController().stopRoute("consumer");
        camel.getRouteController().startRoute("consumer");

        assertThat(withoutTimestamp(received(2).get(1))).isEqualTo(withoutTimestamp(live));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&cleanSession=false", "&mqttVersion=3.1.1", "&concurrentConsumers=5", "&qos=0"})
    void getsTheDeltaOfTheTimeOffline(String options) throws Exception {
        consume("shadow/update/delta", options, exchange -> {});
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        received(1);
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/shadow/update/delta"), 2);
        aws.thing(thing).shadow().setDesired("{\"n\":2}");
        aws.thing(thing).shadow().setDesired("{\"n\":3}");

        reconnect();

        assertThat(received(2))
                .extracting(delta -> delta.at("/state/n").asInt())
                .containsExactly(1, 3);
        reconnect();
        getsNothingMore(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hearsDeltasAfterEachReconnect(boolean catchUp) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(
                                "$aws/things/" + thing + "/shadow/update/delta",
                                thing,
                                CATCH_UP.replace("catchUp=true", "catchUp=" + catchUp)))
                        .process(exchange -> routed.add(exchange.copy()));
            }
        });
        camel.start();

        for (int connections = 1; connections <= 4; connections++) {
            int before = routed.size();
            // The first of the two can be what was missed.
            await().until(() -> {
                aws.thing(thing).shadow().setDesired("{\"n\":" + System.nanoTime() + "}");
                return routed.size() >= before + 2;
            });
            aws.disconnect(thing);
        }
        assertThat(aws.connectionsOf(thing).size()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void getsNothingTwiceThatASessionHasKept() throws Exception {
        consume("shadow/update/delta", "&cleanSession=false", exchange -> {});
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        received(1);
        aws.disconnect(thing);
        aws.thing(thing).shadow().setDesired("{\"n\":2}");

        received(2);
        getsNothingMore(2);
        reconnect();
        getsNothingMore(2);
    }

    /** The state is parsed on the route's thread, when its turn comes. */
    @Test
    void getsInOrderWhatArrivedBeforeTheState() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        consume("shadow/update/delta", "", exchange -> {
            if (routed.size() == 1) {
                release.await(20, TimeUnit.SECONDS);
            }
        });
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        received(1);
        aws.thing(thing).shadow().setDesired("{\"n\":2}");
        // The answer that there is no shadow, and two deltas.
        await().until(() -> connectionOf(thing).getReceived() == 3);
        aws.thing(thing).shadow().setReported("{\"n\":2}");

        reconnect();
        getsNothingMore(1);
        release.countDown();

        assertThat(received(2))
                .extracting(delta -> delta.at("/state/n").asInt())
                .containsExactly(1, 2);
        getsNothingMore(2);
    }

    @Test
    void getsTheDeltaOfANamedShadow() throws Exception {
        aws.thing(thing).shadow("config").setDesired("{\"n\":1}");

        consume("shadow/name/config/update/delta", "", exchange -> {});

        assertThat(received(1).get(0).at("/state/n").asInt()).isEqualTo(1);
        aws.thing(thing).shadow("other").setDesired("{\"n\":2}");
        reconnect();
        getsNothingMore(1);
    }

    @Test
    void getsNothingWhereThereIsNoShadowAndGoesOnWhenItIsMade() throws Exception {
        consume("shadow/update/delta", "", exchange -> {});
        awaitRequests("shadow/get", 1);
        getsNothingMore(0);

        aws.thing(thing).shadow().setDesired("{\"n\":1}");

        received(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void getsTheDeltaOfAShadowThatWasDeletedAndMadeAgain() throws Exception {
        consume("shadow/update/delta", "", exchange -> {});
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        received(1);
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/shadow/update/delta"), 1);
        aws.thing(thing).shadow().delete();
        aws.thing(thing).shadow().setDesired("{\"n\":1}");

        reconnect();

        assertThat(received(2))
                .extracting(delta -> delta.at("/state/n").asInt())
                .containsExactly(1, 1);
    }

    @Test
    void asksAgainWhereTheAnswerIsLostOrTheServiceHasTrouble() throws Exception {
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        aws.faults().inject(new Fault.WithholdMessage("$aws/things/" + thing + "/shadow/get/accepted"), 1);
        aws.faults().inject(new Fault.RejectRequest("$aws/things/" + thing + "/shadow/get", "500", "trouble"), 1);

        consume("shadow/update/delta", "&requestTimeout=300ms", exchange -> {});

        received(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void tellsOnceThatItMayNotAskAndAsksAgain() throws Exception {
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        aws.faults().inject(new Fault.RejectRequest("$aws/things/" + thing + "/shadow/get", "403", "Forbidden"), 2);

        consume("shadow/update/delta", "", exchange -> {});

        received(1);
        assertThat(failures).singleElement().isInstanceOf(DeviceRequestRejectedException.class);
    }

    @Test
    void tellsThatItMayNotHearTheAnswer() throws Exception {
        aws.faults()
                .inject(new Fault.RefuseSubscription("$aws/things/" + thing + "/shadow/get/+", 0x87), Faults.ALWAYS);

        consume("shadow/update/delta", "", exchange -> {});

        await().until(() -> failures.size() == 1);
        assertThat(failures.peek())
                .isInstanceOf(SubscriptionRefusedException.class)
                .hasMessageContaining("shadow/get/+");
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        received(1);
    }

    @Test
    void givesWhatWasMissedAgainToARouteThatFailed() throws Exception {
        aws.thing(thing).shadow().setDesired("{\"n\":1}");
        AtomicInteger tries = new AtomicInteger();

        consume("shadow/update/delta", "&redeliveryDelay=1ms", exchange -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
        });

        await().until(() -> tries.get() == 3);
        assertThat(failures).isEmpty();
    }

    @Test
    void leavesNothingSubscribedWhenItsRouteStops() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:plain").to(uri("plain", thing, CATCH_UP.replace("&catchUp=true", "")));
            }
        });
        consume("shadow/update/delta", "", exchange -> {});
        awaitRequests("shadow/get", 1);

        camel.getRouteController().stopRoute("consumer");

        await().until(() -> unsubscribesOf(thing).size() == 2);
        assertThat(unsubscribesOf(thing)).hasSameElementsAs(subscribesOf(thing));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "$aws/things/+/shadow/update/delta", "$aws/things/T/shadow/update/documents"})
    void refusesTopicsWhoseStateItCannotAskFor(String topic) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(topic, "refused", "&catchUp=true")).to("mock:end");
            }
        });

        assertThatThrownBy(camel::start).hasStackTraceContaining("Option catchUp=true is not possible with topic");
    }

    @Test
    void refusesToCatchUpWithoutSubscribing() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("$aws/things/T/jobs/notify", "refused", "&catchUp=true&subscribe=false"))
                        .to("mock:end");
            }
        });

        assertThatThrownBy(camel::start).hasStackTraceContaining("subscribe=true");
    }
}
