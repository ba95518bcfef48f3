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
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.Mqtt5Settings;
import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection asks for and is granted, in both versions of MQTT. */
class Mqtt5SessionTest {

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension(AwsIotEmulator.builder()
            .mqtt5(Mqtt5Settings.DEFAULT.withReceiveMaximum(7))
            .limits(Limits.DEFAULT
                    .withKeepAlive(Duration.ofSeconds(40), Duration.ofSeconds(50))
                    .withSessionExpiry(Duration.ofMinutes(30))));

    @RegisterExtension
    final DeviceContext device = new DeviceContext(AWS);

    private final AwsIotEmulator aws = AWS.emulator();
    private final CamelContext camel = device.camel();
    private final String options = device.options();

    @Test
    void speaksMqtt5AndAsksForACleanSessionByDefault() throws Exception {
        start("&clientId=plain");

        ReceivedConnect connect = connectOf("plain");
        assertThat(connect.protocolLevel()).isEqualTo(5);
        assertThat(connect.cleanStart()).isTrue();
        assertThat(connect.properties().sessionExpirySeconds()).isEmpty();
        assertThat(connect.properties().receiveMaximum()).isEqualTo(OptionalInt.of(100));
    }

    @ParameterizedTest
    @CsvSource({
        "kept-default, '', 3600, 1800",
        "kept-short, &sessionExpiry=90s, 90, 90",
        "kept-long, &sessionExpiry=7d, 604800, 1800"
    })
    void asksForASessionAndShowsHowLongTheServerKeepsIt(String clientId, String expiry, long asked, long granted)
            throws Exception {
        start("&cleanSession=false&clientId=" + clientId + expiry);

        ReceivedConnect connect = connectOf(clientId);
        assertThat(connect.cleanStart()).isFalse();
        assertThat(connect.properties().sessionExpirySeconds()).isEqualTo(OptionalLong.of(asked));
        AwsIotDeviceConnectionView view = view();
        assertThat(view.getMqttVersion()).isEqualTo("5");
        assertThat(view.getClientId()).isEqualTo(clientId);
        assertThat(view.getSessionExpiry()).isEqualTo(granted);
        assertThat(view.getReceiveMaximum()).isEqualTo(7);
        assertThat(view.getKeepAlive()).isEqualTo(50);
        assertThat(view.getSessionPresent()).isFalse();
    }

    @Test
    void showsInTheHealthCheckWhatTheServerHasGranted() throws Exception {
        HealthCheckRegistry registry = HealthCheckRegistry.get(camel);
        registry.setExposureLevel("full");
        HealthCheckRepository checks = (HealthCheckRepository) registry.resolveById("producers");
        checks.setEnabled(true);
        registry.register(checks);
        start("&cleanSession=false&clientId=healthy5");

        assertThat(HealthCheckHelper.invoke(camel))
                .filteredOn(result -> result.getCheck().getId().startsWith("producer:awsiot-device-"))
                .singleElement()
                .extracting(HealthCheck.Result::getDetails)
                .satisfies(details -> assertThat(details)
                        .containsEntry("mqtt.version", "5")
                        .containsEntry("session.expiry", 1800L)
                        .containsEntry("receive.maximum", 7));
    }

    @Test
    void speaksMqtt311WhereTheOptionSaysSo() throws Exception {
        start("&cleanSession=false&clientId=old&mqttVersion=3.1.1");

        ReceivedConnect connect = connectOf("old");
        assertThat(connect.protocolLevel()).isEqualTo(4);
        assertThat(connect.cleanStart()).isFalse();
        AwsIotDeviceConnectionView view = view();
        assertThat(view.getMqttVersion()).isEqualTo("3.1.1");
        assertThat(view.getSessionExpiry()).isNull();
        assertThat(view.getReceiveMaximum()).isNull();
        assertThat(view.getKeepAlive()).isEqualTo(60);
    }

    @ParameterizedTest
    @CsvSource({"true, 3", "false, 0"})
    void sendsTopicsAsNumbersOnceTheServerKnowsThem(boolean aliases, int numbered) throws Exception {
        start("&clientId=aliases-" + aliases + "&topicAliases=" + aliases);
        aws.clearReceivedPublishes();

        for (int i = 0; i < 4; i++) {
            camel.createProducerTemplate().requestBody("direct:publish", "x");
        }

        List<ReceivedPublish> arrived = aws.receivedPublishes("some/topic");
        assertThat(arrived).hasSize(4);
        assertThat(arrived).filteredOn(publish -> publish.sentTopic().isEmpty()).hasSize(numbered);
    }

    @ParameterizedTest
    @CsvSource({"mqttVersion=3.1.1", "topicAliases=false", "cleanSession=false&sessionExpiry=2h"})
    void refusesOneClientIdWithTwoKindsOfSession(String other) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:one").to("awsiot-device:a" + options + "&clientId=same");
                from("direct:two").to("awsiot-device:a" + options + "&clientId=same&" + other);
            }
        });

        assertThatThrownBy(camel::start).hasStackTraceContaining("clientId 'same' is in use");
    }

    @ParameterizedTest
    @CsvSource({"CONNACK, does not know MQTT 5", "CLOSE, closes a connection before the CONNACK when"})
    void namesMqttVersionWhereTheServerSpeaksOnly311(Fault.RefuseMqtt5.By by, String reason) {
        aws.faults().inject(new Fault.RefuseMqtt5(by), Faults.ALWAYS);

        assertThatThrownBy(() -> start("&clientId=refused"))
                .hasStackTraceContaining(reason)
                .hasStackTraceContaining("mqttVersion");
    }

    @ParameterizedTest
    @CsvSource({"CONNACK", "CLOSE"})
    void connectsBy311WithAServerThatSpeaksOnlyThat(Fault.RefuseMqtt5.By by) throws Exception {
        aws.faults().inject(new Fault.RefuseMqtt5(by), Faults.ALWAYS);

        start("&clientId=granted&mqttVersion=3.1.1");

        assertThat(view().getConnectionState()).isEqualTo("CONNECTED");
    }

    private void start(String more) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:publish").to("awsiot-device:some/topic" + options + more);
            }
        });
        camel.start();
    }

    private ReceivedConnect connectOf(String clientId) {
        return aws.receivedConnects().stream()
                .filter(connect -> connect.clientId().equals(clientId))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private AwsIotDeviceConnectionView view() {
        return camel.hasService(AwsIotDeviceConnectionView.class);
    }
}
