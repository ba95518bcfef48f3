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
package io.cameliot.karaf.itest;

import static io.cameliot.karaf.itest.Clouds.CREDENTIALS;
import static io.cameliot.karaf.itest.Clouds.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The features and the example bundle in a real Karaf, with the emulators as the clouds. */
class KarafIT {

    private static final Path TARGET = Path.of(System.getProperty("itest.target"));
    private static final String VERSION = System.getProperty("itest.version");
    private static final String FEATURES =
            "mvn:io.cameliot.karaf/camel-iot-features/" + VERSION + "/xml/features";
    private static final String EXAMPLE = "mvn:io.cameliot.karaf/camel-iot-example-karaf/" + VERSION;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static Clouds clouds;
    private static KarafContainer container;
    private static KarafManagement karaf;

    @BeforeAll
    static void startCloudsAndKaraf(@TempDir Path folder) throws Exception {
        clouds = new Clouds(folder);
        container = KarafContainer.start(
                Path.of(System.getProperty("itest.distribution")),
                Files.createTempDirectory(Files.createDirectories(TARGET.resolve("karaf")), "exam"),
                List.of(TARGET.resolve("reactor-repository"), TARGET.resolve("stand-ins-repository")),
                Map.of("io.cameliot.examples.karaf.cfg", clouds.configuration()));
        karaf = container.management();
        karaf.addFeatureRepository(FEATURES);
        karaf.installFeature("scr");
    }

    @AfterAll
    static void stopKarafAndClouds() throws Exception {
        try (Clouds stoppedLast = clouds;
                KarafContainer stoppedFirst = container) {
            assertThat(stoppedLast).isNotNull();
            assertThat(stoppedFirst).isNotNull();
        }
    }

    @Test
    void works() throws Exception {
        karaf.installFeature("camel-awsiot-device");
        karaf.installFeature("camel-azure-dps");
        karaf.installBundle(EXAMPLE);
        karaf.bundles().forEach((a, b) -> System.out.println(a + " " + b));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(clouds.aws().receivedPublishes("devices/" + DEVICE + "/provisioned"))
                        .singleElement()
                        .satisfies(message -> assertThat(message.text()).contains(".azure-devices.net")));
    }
}
