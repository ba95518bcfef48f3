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
package io.cameliot.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.provisioning.DeviceProvisioningResult;
import io.cameliot.azure.dps.DeviceRegistrationResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each option that is a duration takes {@code Long.MAX_VALUE}, which users write for "no limit", or refuses it when the
 * endpoint is made: no sum and no conversion to nanoseconds overflows while devices work.
 */
class LongestDurationsTest {

    private static final String LONGEST = Long.toString(Long.MAX_VALUE);

    /** About {@code Long.MAX_VALUE} seconds: the milliseconds do not fit into a {@code long}. */
    private static final String LONGER = "PT2562047788015215H";

    private static final String BODY = "{}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String DEVICE = "awsiot-device:longest?clientId=longest&request=always&cleanSession=false"
            + "&willTopic=gone&willPayload=gone&endpoint={{aws.endpoint}}&connectTo={{aws.connectTo}}"
            + "&caFile={{aws.caFile}}&certificateFile={{aws.certificateFile}}&privateKeyFile={{aws.privateKeyFile}}";
    private static final String PROVISIONING = "awsiot-provisioning:{{claim.template}}?endpoint={{aws.endpoint}}"
            + "&connectTo={{aws.connectTo}}&caFile={{aws.caFile}}&certificateFile={{claim.certificateFile}}"
            + "&privateKeyFile={{claim.privateKeyFile}}&parameter.SerialNumber=1&identityDirectory=";
    private static final String DPS = "azure-dps:{{dps.idScope}}/{{dps.registrationId}}"
            + "?sharedAccessKey=RAW({{dps.sharedAccessKey}})&caFile={{dps.caFile}}&connectTo={{dps.connectTo}}";

    private static Clouds clouds;

    @TempDir
    private Path folder;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ProducerTemplate template = camel.createProducerTemplate();
    private final BlockingQueue<Object> consumed = new LinkedBlockingQueue<>();

    @BeforeAll
    static void startClouds() throws Exception {
        clouds = Clouds.start();
    }

    @AfterAll
    static void stopClouds() {
        clouds.close();
    }

    @BeforeEach
    void startCamel() {
        camel.getPropertiesComponent().setInitialProperties(clouds.properties());
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @Test
    void registerADevice() throws Exception {
        String uri = DPS + longest("azure-dps", option -> true);

        assertThat(send(uri, DeviceRegistrationResult.class)).isNotNull();
        receive(uri, ExchangePattern.InOnly);
        assertThat(consumed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(DeviceRegistrationResult.class);
    }

    @Test
    void provisionADevice() throws Exception {
        String options = longest("awsiot-provisioning", option -> true);

        assertThat(send(PROVISIONING + folder.resolve("1") + options, DeviceProvisioningResult.class))
                .isNotNull();
        receive(PROVISIONING + folder.resolve("2") + options, ExchangePattern.InOnly);
        assertThat(consumed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(DeviceProvisioningResult.class);
    }

    @Test
    void askAndAnswer() throws Exception {
        String uri = DEVICE + longest("awsiot-device", this::isTaken);
        receive(uri, ExchangePattern.InOut);

        assertThat(send(uri, String.class)).isEqualTo(BODY);
    }

    @Test
    void askAndAnswerAfterAReconnect() throws Exception {
        String uri =
                DEVICE + longest("awsiot-device", option -> isTaken(option) && !option.equals("reconnectMinDelay"));
        receive(uri, ExchangePattern.InOut);
        assertThat(send(uri, String.class)).isEqualTo(BODY);

        assertThat(clouds.aws().disconnect("longest")).isTrue();

        // A request that is under way when the connection ends fails.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> send(uri, String.class)
                .equals(BODY));
    }

    /** AWS IoT Core has limits for these. */
    private boolean isTaken(String option) {
        return !option.equals("sessionExpiry") && !option.equals("willMessageExpiry");
    }

    @Test
    void areRefusedWhereAwsHasALimit() {
        List<String> refused = durations("awsiot-device").stream()
                .filter(option -> !isTaken(option))
                .toList();

        assertThat(refused).hasSize(2).allSatisfy(option -> assertThat(
                        catchThrowable(() -> camel.getEndpoint(DEVICE + "&" + option + "=" + LONGEST)))
                .hasRootCauseMessage("Option " + option + "=" + LONGEST + " ms is not between 1 second and 7 days"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device", "awsiot-provisioning", "azure-dps"})
    void areRefusedWhenTheirMillisecondsAreNoLong(String scheme) {
        String uri = Map.of("awsiot-device", DEVICE, "awsiot-provisioning", PROVISIONING + folder, "azure-dps", DPS)
                .get(scheme);

        assertThat(durations(scheme)).isNotEmpty().allSatisfy(option -> assertThat(
                        catchThrowable(() -> camel.getEndpoint(uri + "&" + option + "=" + LONGER)))
                .rootCause()
                .hasMessageStartingWith("Option " + option + "="));
    }

    private List<String> durations(String scheme) {
        return JsonMapper.generateComponentModel(Catalogs.json(camel, scheme)).getEndpointOptions().stream()
                .filter(option -> option.getType().equals("duration"))
                .map(BaseOptionModel::getName)
                .toList();
    }

    private String longest(String scheme, Predicate<String> taken) {
        return durations(scheme).stream()
                .filter(taken)
                .map(option -> "&" + option + "=" + LONGEST)
                .collect(Collectors.joining());
    }

    private <T> T send(String uri, Class<T> type) throws Exception {
        return template.asyncRequestBody(uri, BODY, type).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void receive(String uri, ExchangePattern pattern) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri + "&exchangePattern=" + pattern)
                        .process(exchange -> consumed.add(exchange.getMessage().getBody()));
            }
        });
    }
}
