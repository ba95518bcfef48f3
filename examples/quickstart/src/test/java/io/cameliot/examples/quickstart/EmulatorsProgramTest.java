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
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.app.EmulatorsMain;
import io.cameliot.testinfra.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * "Ten minutes from nothing to a route that works without a cloud" of docs/testing.md: the routes of README, configured by
 * the {@code application.properties} alone that the emulators' program writes.
 */
class EmulatorsProgramTest {

    @TempDir
    Path parent;

    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    @Test
    void theRoutesOfReadmeWorkWithTheFileThatItWrites() throws Exception {
        Path folder = parent.resolve("emulators");
        Process program = new ProcessBuilder(
                        JavaCommand.of(EmulatorsMain.class, List.of(), "--folder", folder.toString()))
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(List.of(output.readLine(), output.readLine(), output.readLine()))
                    .last()
                    .asString()
                    .startsWith("Route   awsiot-device:");
            assertThat(componentsOf(folder.resolve("application.properties")))
                    .contains("awsiot-device", "azure-dps")
                    .allSatisfy(component -> assertThat(pomOfTheFirstProject())
                            .contains("<artifactId>camel-" + component + "</artifactId>"));
            SimpleMain main = new SimpleMain(new DefaultCamelContext());
            main.setPropertyPlaceholderLocations("file:" + folder.resolve("application.properties"));
            main.configure().addRoutesBuilder(routes());
            main.start();
            try {
                await().untilAsserted(() -> assertThat(received)
                        .anyMatch(text -> text.equals("Device device belongs to contoso.azure-devices.net"))
                        .anyMatch(text -> text.startsWith("Received {\"temperature\"")));
            } finally {
                main.stop();
            }
        } finally {
            program.destroy();
            if (!program.waitFor(20, TimeUnit.SECONDS)) {
                program.destroyForcibly();
            }
        }
        assertThat(folder).doesNotExist();
    }

    private static Set<String> componentsOf(Path properties) throws IOException {
        return Pattern.compile("(?m)^camel\\.component\\.([^.]+)\\.")
                .matcher(Files.readString(properties))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static String pomOfTheFirstProject() throws IOException {
        String readme = Files.readString(Path.of("..", "..", "README.md"));
        String section = readme.substring(readme.indexOf("\n## A first project\n"));
        return section.substring(section.indexOf("```xml"), section.indexOf("</project>"));
    }

    private RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("timer:register?repeatCount=1")
                        .to("azure-dps:{{dps.id-scope}}/{{device}}?sharedAccessKey=RAW({{dps.key}})")
                        .setBody(simple(
                                "Device ${header.CamelAzureDpsDeviceId} belongs to ${header.CamelAzureDpsAssignedHub}"))
                        .process(exchange -> received.add(exchange.getMessage().getBody(String.class)));
                from("timer:reading?period=500")
                        .setBody(simple("{\"temperature\": ${random(18,24)}}"))
                        .to("{{device.uri}}");
                from("{{device.uri}}")
                        .setBody(simple("Received ${body}"))
                        .process(exchange -> received.add(exchange.getMessage().getBody(String.class)));
            }
        };
    }
}
