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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Camel Quarkus application that the module quarkus builds from the YAML routes, as the Camel K operator does. */
final class QuarkusApplication {

    private static final Path JAR = Path.of("..", "quarkus", "target", "quarkus-app", "quarkus-run.jar")
            .toAbsolutePath()
            .normalize();

    private QuarkusApplication() {}

    /**
     * Starts the application.
     *
     * @param folder its working directory
     * @param environment variables that are added to its environment
     * @param properties override those of application.properties
     */
    static JavaProcess start(Path folder, Map<String, String> environment, Map<String, String> properties) {
        assertThat(JAR).as("the application, which mvn package builds").isRegularFile();
        List<String> arguments = new ArrayList<>();
        properties.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        arguments.addAll(List.of("-jar", JAR.toString()));
        return JavaProcess.start(folder, environment, arguments);
    }
}
