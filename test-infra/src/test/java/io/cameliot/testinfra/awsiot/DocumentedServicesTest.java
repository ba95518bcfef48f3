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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.job.JobDefinition;
import io.cameliot.testinfra.awsiot.job.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the code of {@code docs/testing.md} that shows shadows, jobs and commands. */
class DocumentedServicesTest {
    private static final Path PAGE = Path.of("../docs/testing.md");
    private static final Path THIS = Path.of("src/test/java/io/cameliot/testinfra/awsiot/DocumentedServicesTest.java");
    private static final Pattern CODE =
            Pattern.compile("## Shadows, jobs and commands.*?```java\n(.*?)```", Pattern.DOTALL);

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @Test
    void runs(AwsIotEmulator aws) {
        ThingShadow shadow = aws.thing("sensor-1").shadow();
        shadow.setDesired("{\"interval\":10}"); // tells update/accepted, update/delta and update/documents
        assertThat(shadow.delta().get("interval").intValue()).isEqualTo(10);
        assertThat(shadow.version()).isEqualTo(1);

        ThingShadow door = aws.thing("sensor-1").shadow("door"); // a named one
        door.setReported("{\"open\":false}");
        door.delete();

        String job = aws.jobs().create("sensor-1", "{\"operation\":\"reboot\"}"); // tells notify and notify-next
        assertThat(aws.jobs().execution("sensor-1", job).state()).isEqualTo(JobState.QUEUED);
        aws.jobs().forceCancel(job);

        JobDefinition timed = JobDefinition.of("update-7", "{}").withTimeout(Duration.ofMinutes(5));
        aws.jobs().create(timed, List.of("sensor-1", "sensor-2"));
        aws.advanceClock(Duration.ofMinutes(5)); // lets time out what a device has in progress

        SentCommand command = aws.commands().send("sensor-1", "{\"light\":\"on\"}");
        assertThat(command.state()).isEqualTo(CommandState.CREATED);
        assertThat(command.history()).hasSize(1); // what the device reports is added here

        aws.faults().inject(new Fault.WithholdMessage("$aws/things/+/shadow/get/+"));
        aws.faults().inject(new Fault.RejectRequest("$aws/things/+/jobs/start-next", "InternalError", "Try again"));
    }

    @Test
    void isWhatThePageShows() throws Exception {
        Matcher code = CODE.matcher(Files.readString(PAGE));

        assertThat(code.find()).isTrue();
        assertThat(code.group(1).lines().filter(line -> !line.isBlank())).isNotEmpty();
        assertThat(Files.readString(THIS)).contains(code.group(1).indent(8).replaceAll("(?m)^ +$", ""));
    }
}
