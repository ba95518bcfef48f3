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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the YAML routes with the Camel CLI, which loads the components from a Maven repository because of {@code --dep}.
 */
class CamelCliTest extends YamlRoutesContract {

    private static final Path EXAMPLE = Path.of("..").toAbsolutePath().normalize();
    private static final Path CLI = EXAMPLE.resolve("cli").resolve("target");
    private static final String COORDINATES = "mvn:io.cameliot:%s:" + System.getProperty("project.version");
    /** The CLI's own command {@code camel} consists of the same call. */
    private static final String MAIN =
            """
            public class Camel {
                public static void main(String[] arguments) {
                    org.apache.camel.dsl.jbang.core.commands.CamelJBangMain.run(arguments);
                }
            }
            """;

    @Override
    JavaProcess start(Path folder, Map<String, String> properties) {
        assertThat(CLI.resolve("lib"))
                .as("the Camel CLI, which mvn package gets")
                .isDirectoryContaining("glob:**/camel-jbang-core-*.jar");
        List<String> arguments = new ArrayList<>(List.of(
                // The CLI's files and this project's snapshots must not end up in the user's home directory.
                "-Duser.home=" + folder,
                "-Dmaven.repo.local=" + CLI.resolve("repository"),
                "-cp",
                CLI.resolve("lib") + "/*",
                write(folder.resolve("Camel.java"), MAIN).toString(),
                "run"));
        for (String file :
                List.of("provision.yaml", "publish.yaml", "consume.yaml", "shadow.yaml", "application.properties")) {
            arguments.add(EXAMPLE.resolve(file).toString());
        }
        arguments.add("--dep=" + COORDINATES.formatted("camel-awsiot-device"));
        arguments.add("--dep=" + COORDINATES.formatted("camel-azure-dps"));
        arguments.add("--repos="
                + Path.of(System.getProperty("maven.local-repository")).toUri());
        arguments.add("--logging-color=false");
        properties.forEach((name, value) -> arguments.add("--property=" + name + "=" + value));
        return JavaProcess.start(folder, Map.of(), arguments);
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
