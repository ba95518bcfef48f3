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
package io.cameliot.examples.camelk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.dps.service.Assignment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests the YAML routes of the example, independent of their runtime. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class YamlRoutesContract {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

    private Clouds clouds;
    private JavaProcess application;

    /**
     * Starts the application.
     *
     * @param folder an empty folder for this application
     * @param properties override those of application.properties
     */
    abstract JavaProcess start(Path folder, Map<String, String> properties);

    @BeforeAll
    void startApplication(@TempDir Path folder) {
        clouds = Clouds.start(folder);
        clouds.aws().thing(Clouds.DEVICE).shadow().setDesired("{\"color\":\"blue\"}");
        clouds.properties().put("reading.period", "200");
        application = start(folder, clouds.properties());
        await("the first answer to a reading of its own")
                .atMost(START_TIMEOUT)
                .failFast("the application runs", () -> application.assertRunning())
                .until(() -> !clouds.aws()
                        .receivedPublishes("factory/sensor-1/commands")
                        .isEmpty());
    }

    @AfterAll
    void stopApplication() {
        try {
            if (application != null) {
                application.close();
                assertThat(clouds.aws().connections()).isEmpty();
            }
        } finally {
            if (clouds != null) {
                clouds.close();
            }
        }
    }

    @Test
    void provisionsTheDevice() {
        awaiting("provisioned")
                .untilAsserted(() -> assertThat(clouds.aws().receivedPublishes("factory/sensor-1/provisioned"))
                        .first()
                        .satisfies(publish -> {
                            assertThat(payload(publish)).contains("\"assignedHub\"", "\"deviceId\":\"sensor-1\"");
                            assertThat(publish.retained()).isTrue();
                        }));
        assertThat(clouds.dps().assignedDevices())
                .extracting(Assignment::registrationId)
                .containsExactly(Clouds.DEVICE);
    }

    @Test
    void publishesReadings() {
        awaiting("readings").untilAsserted(() -> assertThat(clouds.aws().receivedPublishes("factory/sensor-1/readings"))
                .hasSizeGreaterThan(2)
                .allSatisfy(publish ->
                        assertThat(payload(publish)).matches("\\{\"temperature\": \\d\\d, \"device\": \"sensor-1\"}")));
    }

    @Test
    void answersTheReadingsOfEachDeviceOverOneConnection() {
        for (String device : new String[] {"sensor-7", "sensor-8"}) {
            clouds.aws()
                    .publish(
                            "factory/" + device + "/readings",
                            "{\"device\": \"" + device + "\", \"temperature\": 21}",
                            1);

            awaiting("answer")
                    .untilAsserted(() -> assertThat(clouds.aws().receivedPublishes("factory/" + device + "/commands"))
                            .singleElement()
                            .satisfies(publish -> {
                                assertThat(payload(publish)).isEqualTo("{\"received\": 21}");
                                assertThat(publish.clientId()).contains(Clouds.DEVICE);
                            }));
        }
        assertThat(clouds.aws().connections()).hasSize(1);
    }

    /** The shadow asked before the application was started, so that the application knows it by its own request. */
    @Test
    void doesWhatTheShadowAsksForAndReportsIt() {
        awaiting("report").untilAsserted(() -> assertThat(
                        clouds.aws().thing(Clouds.DEVICE).shadow().reported().get("color"))
                .isEqualTo(clouds.aws().thing(Clouds.DEVICE).shadow().desired().get("color")));
        awaiting("answer").until(() -> application.output().contains("The shadow has it: {"));
    }

    @Test
    void setsAsideWhatCannotBeRead() {
        clouds.aws().publish("factory/sensor-9/readings", "no JSON", 1);

        awaiting("rejected").untilAsserted(() -> assertThat(clouds.aws().receivedPublishes("factory/rejected"))
                .singleElement()
                .satisfies(publish -> assertThat(payload(publish)).isEqualTo("no JSON")));
    }

    JavaProcess application() {
        return application;
    }

    ConditionFactory awaiting(String what) {
        return await(what)
                .atMost(Duration.ofSeconds(30))
                .failFast("the application runs", () -> application.assertRunning());
    }

    private static String payload(ReceivedPublish publish) {
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }
}
