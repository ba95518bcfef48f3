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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which topic is meant, and which are refused before they are sent, however the topic is given. */
class TopicSpellingTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final String options = device.options();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain/topic",
                "a%20b",
                "a b",
                "a%2Fb",
                "50%",
                "50%25",
                "a%25b",
                "ü/温度",
                "%C3%BC",
                "a:b",
                "a;b,c=d&e",
                "/lead",
                "trail/",
                "a//b",
                "//a",
                "///a",
                "a'(b)!~*",
                "a|b",
                "a{b}",
                "%7e"
            })
    void meansTheSameTopicByToAndToD(String topic) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:to").to("awsiot-device:" + topic + options);
                from("direct:toD").toD("awsiot-device:${header.topic}" + options);
            }
        });
        camel.start();

        assertThat(send("direct:to", "topic", topic).getException()).isNull();
        assertThat(send("direct:toD", "topic", topic).getException()).isNull();

        assertThat(aws.receivedPublishes()).extracting(ReceivedPublish::topic).hasSize(2);
        assertThat(aws.receivedPublishes().get(1).topic())
                .isEqualTo(aws.receivedPublishes().get(0).topic());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\u0001b", "a\uFFFFb", "a\tb", "\u007F", "a\u0085", "\uFDD0", "a/\uD83F\uDFFE", "\uD800", "\0"})
    void refusesATopicForWhichServersCloseTheConnection(String topic) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:header").to("awsiot-device:a" + options);
                from("direct:toD").toD("awsiot-device:a/${header.topic}" + options);
            }
        });
        camel.start();

        for (Exchange sent : new Exchange[] {
            send("direct:header", AwsIotDeviceConstants.OVERRIDE_TOPIC, topic), send("direct:toD", "topic", topic)
        }) {
            assertThat(sent.getException())
                    .hasStackTraceContaining(": MQTT servers close the connection for it")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(topic));
        }
        // The connection has seen nothing of it.
        assertThat(send("direct:header", "any", "").getException()).isNull();
        assertThat(aws.receivedPublishes()).extracting(ReceivedPublish::topic).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%01", "%7F", "%C2%85", "%EF%BF%BF", "%EF%B7%90"})
    void refusesATopicOfAUriForWhichServersCloseTheConnection(String character) {
        for (String[] fromTo : new String[][] {
            {"direct:in", "awsiot-device:a" + character + options},
            {"awsiot-device:a/" + character + "/#" + options, "mock:out"},
            {"direct:in", "awsiot-device:a" + options + "&willPayload=x&willTopic=w" + character},
            {"direct:in", "awsiot-device:a" + options + "&clientId=c" + character}
        }) {
            assertThatThrownBy(() -> {
                        camel.addRoutes(new RouteBuilder() {
                            @Override
                            public void configure() {
                                from(fromTo[0]).to(fromTo[1]);
                            }
                        });
                        camel.start();
                    })
                    .as("%s to %s", fromTo)
                    // A URI cannot have some of them.
                    .satisfies(e -> assertThat(Throwables.getStackTrace(e))
                            .containsAnyOf(
                                    ": MQTT servers close the connection for it",
                                    "a character that a URI cannot have, START OF HEADING (",
                                    "a character that a URI cannot have, DELETE (",
                                    "a character that a URI cannot have, NEXT LINE (NEL) ("));
        }
        assertThat(aws.connections()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$aws/commands/things/T/executions/E/response/accepted/json",
                "$aws/things/T/streams/S/description/json/a/b/c/d",
                "$aws/commands/clients/C/executions/E/response/rejected/cbor"
            })
    void publishesAndReceivesOnReservedTopicsOfAnyDepth(String topic) throws Exception {
        MockEndpoint received = camel.getEndpoint("mock:received", MockEndpoint.class);
        received.expectedBodiesReceived("x");
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("awsiot-device:" + topic + options).to(received);
                from("direct:to").to("awsiot-device:" + topic + options);
            }
        });
        camel.start();

        assertThat(send("direct:to", "any", "").getException()).isNull();

        received.assertIsSatisfied(10_000);
    }

    @Test
    void countsTheLevelsOfBasicIngest() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:header").to("awsiot-device:a" + options);
            }
        });
        camel.start();

        assertThat(send("direct:header", AwsIotDeviceConstants.OVERRIDE_TOPIC, "$aws/rules/r/1/2/3/4/5/6/7/8/9")
                        .getException())
                .hasMessageContaining("9 levels");
    }

    @Test
    void aProducerThatCannotStartLeavesItsTopicToNoOther() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:toD")
                        .doTry()
                        .toD("awsiot-device:factory/${header.sensor}"
                                + options.replaceFirst("certificateFile=[^&]*", "certificateFile=not-there.pem")
                                + "&lazyStartProducer=true")
                        .doCatch(Exception.class)
                        .to("awsiot-device:errors" + options)
                        .end();
            }
        });
        camel.start();

        Exchange sent = send("direct:toD", "sensor", "s1");

        assertThat(sent.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                .hasStackTraceContaining("not-there.pem");
        assertThat(aws.receivedPublishes()).extracting(ReceivedPublish::topic).containsExactly("errors");
    }

    private Exchange send(String to, String header, Object value) {
        return camel.createProducerTemplate().send(to, exchange -> {
            exchange.getIn().setBody("x");
            exchange.getIn().setHeader(header, value);
        });
    }
}
