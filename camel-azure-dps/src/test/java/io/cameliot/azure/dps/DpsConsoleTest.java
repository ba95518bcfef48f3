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
package io.cameliot.azure.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.azure.dps.monitor.DpsConsole;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The developer console shows the registrations of running routes. */
class DpsConsoleTest {

    private static final Path PAGE = Path.of("..", "docs", "azure-dps.md");
    private static final EnrollmentKey KEY = EnrollmentKey.random();

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
            .retryAfter(Duration.ZERO)
            .enroll(Enrollment.group("group").symmetricKey(KEY).build()));

    private final DpsEmulator dps = DPS.emulator();
    private final DpsConsole console = new DpsConsole();

    @Test
    void showsRegistrationsInProgressWaitingAssignedAndFailedButNoKey() throws Exception {
        dps.inject("failing", DpsFault.Answer.error(DpsStep.REGISTER, 400), 1);
        dps.inject("slow", new DpsFault.Withhold(DpsStep.REGISTER), 1);
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri("", DpsRoutes.groupKey(KEY), "maxConcurrentRegistrations=1"));
            console.setCamelContext(routes.context());
            routes.register("dev-1");
            routes.register("dev-2");
            routes.register("failing");
            routes.registerAsync("slow");
            await().until(() -> json().get(0).get("active").asInt() == 1);
            routes.registerAsync("behind");

            await().until(() -> json().get(0).get("waiting").asInt() == 1);
            assertThat(json().get(0))
                    .hasToString(("{'idScope':'" + dps.idScope() + "','registrationId':null,'service':'"
                                    + DpsEmulator.GLOBAL_HOST_NAME
                                    + ":8883','active':1,'waiting':1,'assigned':2,'failed':1}")
                            .replace('\'', '"'));
            assertThat(json()).hasSize(1);
            assertThat(text().lines().skip(1))
                    .singleElement()
                    .asString()
                    .matches(dps.idScope() + " +- +" + DpsEmulator.GLOBAL_HOST_NAME + ":8883 +1 +1 +2 +1");
            assertThat(text() + json()).doesNotContain(KEY.base64());
        }
    }

    @Test
    void hasTheColumnsThatThePageShows() throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            console.setCamelContext(routes.start().context());
            List<String> head = columns(text());

            assertThat(Files.readAllLines(PAGE).stream()
                            .dropWhile(line -> !line.startsWith("ID-SCOPE"))
                            .takeWhile(line -> !line.equals("```")))
                    .hasSizeGreaterThan(1)
                    .allMatch(line -> columns(line).size() == head.size())
                    .first()
                    .satisfies(line -> assertThat(columns(line)).isEqualTo(head));
        }
    }

    private static List<String> columns(String line) {
        return List.of(line.split(" {2,}"));
    }

    private String text() {
        return (String) console.call(MediaType.TEXT, Map.of());
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper()
                .readTree(((JsonObject) console.call(MediaType.JSON, Map.of())).toJson())
                .get("endpoints");
    }
}
