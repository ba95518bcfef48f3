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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes with the worker's route share the readings, like the pods of its Deployment. */
class ScaleOutTest {

    private static final Path WORKER = Path.of("..", "worker");
    private static final Path WORKER_PROPERTIES = WORKER.resolve("application.properties");
    private static final WorkerDeployment DEPLOYMENT = WorkerDeployment.read(WORKER.resolve("deployment.yaml"));
    private static final int READINGS = 60;

    /** The running workers by the name of their pod. */
    private final Map<String, JavaProcess> workers = new LinkedHashMap<>();

    private Clouds clouds;

    @BeforeEach
    void startWorkers(@TempDir Path folder) {
        clouds = Clouds.start(folder);
        Map<String, String> properties = new LinkedHashMap<>(clouds.properties());
        properties.put("camel.main.routes-include-pattern", "classpath:routes/worker/worker.yaml");
        properties.put("quarkus.config.locations", WORKER_PROPERTIES.toUri().toString());
        Map<String, String> configMap =
                Map.of("aws.endpoint", properties.remove("camel.component.awsiot-device.endpoint"));
        for (int i = 1; i <= DEPLOYMENT.replicas(); i++) {
            String pod = "pod-" + i;
            workers.put(pod, QuarkusApplication.start(folder, DEPLOYMENT.environment(pod, configMap), properties));
        }
        await("a reading for each worker")
                .atMost(Duration.ofMinutes(2))
                .failFast("the workers run", () -> workers.values().forEach(JavaProcess::assertRunning))
                .until(() -> {
                    clouds.aws().publish("factory/starting/readings", "starting", 1);
                    return workersOf("starting").count() == DEPLOYMENT.replicas();
                });
    }

    @AfterEach
    void stopWorkers() {
        try {
            workers.values().forEach(JavaProcess::close);
        } finally {
            clouds.close();
        }
    }

    @Test
    void eachReadingGoesToOneWorkerAndToTheOthersWhenOneDies() {
        publish("before");
        assertEachIsProcessedOnce("before");
        assertThat(workersOf("before")).hasSize(DEPLOYMENT.replicas());

        // The other workers receive the readings that the killed one has not acknowledged, possibly for the second
        // time.
        publish("during");
        workers.remove("pod-2").kill();
        await("during").atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(payloads("during"))
                .containsAll(readings("during").toList()));
        await().atMost(Duration.ofSeconds(30)).until(() -> !isConnected("pod-2"));

        publish("after");
        assertEachIsProcessedOnce("after");
        assertThat(workersOf("after")).containsExactlyInAnyOrder("worker-pod-1", "worker-pod-3");
        assertEachIsProcessedOnce("before");
    }

    private boolean isConnected(String pod) {
        return clouds.aws().connectionsOf("worker-" + pod).stream()
                .anyMatch(connection -> connection.disconnectReason().isEmpty());
    }

    private void publish(String round) {
        readings(round).forEach(reading -> clouds.aws()
                .publish("factory/" + reading.replace(' ', '-') + "/readings", reading, 1));
    }

    private static Stream<String> readings(String round) {
        return IntStream.rangeClosed(1, READINGS).mapToObj(number -> round + " " + number);
    }

    private void assertEachIsProcessedOnce(String round) {
        await(round).atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(payloads(round))
                .containsExactlyInAnyOrderElementsOf(readings(round).toList()));
    }

    private Stream<String> workersOf(String round) {
        return processed(round).stream()
                .map(publish -> publish.clientId().orElseThrow())
                .distinct();
    }

    private List<String> payloads(String round) {
        return processed(round).stream().map(ScaleOutTest::payload).toList();
    }

    private List<ReceivedPublish> processed(String round) {
        return clouds.aws().receivedPublishes("factory/processed").stream()
                .filter(publish -> payload(publish).startsWith(round))
                .toList();
    }

    private static String payload(ReceivedPublish publish) {
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }
}
