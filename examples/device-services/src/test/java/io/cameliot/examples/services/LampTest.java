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
package io.cameliot.examples.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.command.CommandReport;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.job.JobState;
import io.cameliot.testinfra.awsiot.job.QueuedExecution;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the files of the example as they are, and does what applications in the cloud do. */
class LampTest {

    private static final String THING = Lamp.THING;

    private static final AwsIotEmulator AWS = AwsIotEmulator.builder().build();
    private static Main device;

    @BeforeAll
    static void startDevice(@TempDir Path folder) throws Exception {
        AWS.start();
        AWS.thing(THING).shadow().setDesired("{\"color\":\"blue\"}");
        device = Lamp.of(AWS, AWS.issueDevice(THING), folder);
        device.start();
    }

    @AfterAll
    static void stopDevice() {
        try {
            if (device != null) {
                device.stop();
            }
            assertThat(AWS.connections()).isEmpty();
        } finally {
            AWS.close();
        }
    }

    @Test
    void doesWhatItsShadowAsksForAlsoWhatItAskedBefore() {
        ThingShadow shadow = AWS.thing(THING).shadow();
        await().until(() -> shadow.reported().path("color").asText().equals("blue"));

        shadow.setDesired("{\"brightness\":7}");

        await().until(() -> shadow.delta().isEmpty());
        assertThat(shadow.reported().toString()).isEqualTo("{\"color\":\"blue\",\"brightness\":7}");
    }

    @Test
    void runsJobs() {
        String first = AWS.jobs().create(THING, "{\"firmware\":\"2.1\"}");
        String second = AWS.jobs().create(THING, "{\"firmware\":\"2.2\"}");

        assertThat(ended(second, JobState.SUCCEEDED).statusDetails())
                .isEqualTo(Map.of("step", "installed", "firmware", "2.2"));
        assertThat(ended(first, JobState.SUCCEEDED).version())
                .as("created, started, downloaded, installed")
                .isEqualTo(4);
    }

    @Test
    void rejectsAJobThatItCannotRun() {
        String job = AWS.jobs().create(THING, "{\"operation\":\"reboot\"}");

        assertThat(ended(job, JobState.REJECTED).statusDetails())
                .isEqualTo(Map.of("reason", "this device can do nothing but install firmware"));
    }

    @Test
    void carriesCommandsOut() {
        SentCommand command = AWS.commands().send(THING, "{\"action\":\"measure\"}");

        await().until(command::state, CommandState.SUCCEEDED::equals);
        assertThat(command.result().orElseThrow().toString())
                .isEqualTo("{\"battery\":{\"s\":\"50\"},\"charging\":{\"b\":true}}");
        assertThat(command.history()).extracting(CommandReport::state).contains(CommandState.IN_PROGRESS);
    }

    @Test
    void reportsWhyACommandFailed() {
        SentCommand command = AWS.commands().send(THING, "{\"action\":\"dance\"}");

        await().until(command::state, CommandState.FAILED::equals);
        assertThat(command.history()).last().satisfies(report -> {
            assertThat(report.reasonCode()).hasValue("UNKNOWN_ACTION");
            assertThat(report.reasonDescription()).hasValue("the only action is measure");
        });
    }

    @Test
    void isOneConnection() {
        await().untilAsserted(() -> assertThat(AWS.connections())
                .singleElement()
                .satisfies(connection -> assertThat(connection.clientId()).isEqualTo(THING)));
    }

    private static QueuedExecution ended(String job, JobState state) {
        await().until(() -> AWS.jobs().execution(THING, job).state(), state::equals);
        return AWS.jobs().execution(THING, job);
    }
}
