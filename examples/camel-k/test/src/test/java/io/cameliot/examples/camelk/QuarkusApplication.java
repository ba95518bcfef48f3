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
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Camel Quarkus application that the module quarkus builds from the YAML routes, as the Camel K operator does. */
final class QuarkusApplication {

    private static final Path JAR = Path.of("..", "quarkus", "target", "quarkus-app", "quarkus-run.jar")
            .toAbsolutePath()
            .normalize();

    private static final Pattern ADDRESS = Pattern.compile("(?<=Listening on: )http://127\\.0\\.0\\.1:\\d+");
    private static final int TIMEOUT_MILLIS = 10_000;

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
        List<String> arguments = new ArrayList<>(List.of("-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=0"));
        properties.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        arguments.addAll(List.of("-jar", JAR.toString()));
        return JavaProcess.start(folder, environment, arguments);
    }

    /**
     * Reads a page of a running application.
     *
     * @param path such as {@code /q/metrics}
     */
    static String page(JavaProcess application, String path) throws IOException {
        Matcher address = ADDRESS.matcher(application.output());
        assertThat(address.find()).as("the application says where it listens").isTrue();
        URLConnection connection = new URL(address.group() + path).openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (InputStream page = connection.getInputStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
