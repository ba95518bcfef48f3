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

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/**
 * Compares the workers' Deployment with their properties and the README. {@link ScaleOutTest} runs what the Deployment
 * describes.
 */
class WorkerDeploymentTest {

    private static final Path EXAMPLE = Path.of("..");

    private final WorkerDeployment deployment = WorkerDeployment.read(EXAMPLE.resolve("worker/deployment.yaml"));

    @Test
    void mountsTheCredentialsWhereTheWorkerLooksForThem() throws Exception {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(EXAMPLE.resolve("worker/application.properties"))) {
            properties.load(file);
        }

        assertThat(properties)
                .containsEntry("device.credentials", deployment.credentials().toString());
    }

    @Test
    void takesFromTheConfigMapWhatTheReadmePutsThere() throws Exception {
        String readme = Files.readString(EXAMPLE.resolve("README.md"));

        assertThat(deployment.configMapKeys().values()).isNotEmpty().allSatisfy(key -> assertThat(readme)
                .contains("--from-literal=" + key + "="));
    }
}
