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
package io.cameliot.awsiot.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.report.ReportFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages of AWS IoT Jobs, as its documents show them. */
class JobMessagesTest {

    @Test
    void readsTheJobThatWasStarted() throws IOException {
        JobExecution job = JobMessages.started(bytes(
                "{\"execution\":{\"jobId\":\"022\",\"thingName\":\"MyThing\",\"jobDocument\":{\"operation\":\"a\",\"n\":"
                        + "1},\"status\":\"IN_PROGRESS\",\"statusDetails\":{\"step\":\"2\"},\"queuedAt\":1489096425069,"
                        + "\"lastUpdatedAt\":1489096425069,\"versionNumber\":7,\"executionNumber\":1234567890},"
                        + "\"timestamp\":1489088524284,\"clientToken\":\"client-1\"}"));

        assertThat(job.key()).isEqualTo(new JobExecution.Key("022", 1234567890L, 1489096425069L));
        assertThat(job.statusDetails()).isEqualTo(Map.of("step", "2"));
        assertThat(text(job.document())).isEqualTo("{\"operation\":\"a\",\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"timestamp\":1}", "{\"execution\":{},\"timestamp\":1}", "{\"execution\":null}"})
    void readsThatThereIsNoJob(String answer) throws IOException {
        assertThat(JobMessages.started(bytes(answer))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":[1.50, null], \"ä\":\"é\\u00e9\", \"big\":123456789012345678901234567890.10} | "
                        + "{\"a\":[1.50, null], \"ä\":\"é\\u00e9\", \"big\":123456789012345678901234567890.10}",
                "\"plain\" | plain",
                "null | ''",
                "[1] | [1]",
                "7 | 7"
            })
    void givesTheDocumentAsItIs(String document, String expected) throws IOException {
        JobExecution job =
                JobMessages.started(bytes("{\"execution\":{\"jobId\":\"a\",\"jobDocument\":" + document + "}}"));

        assertThat(text(job.document())).isEqualTo(expected);
        assertThat(job.key().executionNumber()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"execution\":{\"jobDocument\":{}}}",
                "{\"execution\":null,\"execution\":{\"jobId\":\"a\",\"jobDocument\":{}}}",
                "no json",
                "",
                "{\"execution\":{\"jobId\":\"../update\"}}",
                "{\"execution\":{\"jobId\":\"+\"}}",
                "[]"
            })
    void saysThatAnAnswerIsNoAnswer(String answer) {
        assertThatThrownBy(() -> JobMessages.started(bytes(answer))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"timestamp\":1517016948,\"execution\":{\"jobId\":\"job1\",\"status\":\"QUEUED\",\"queuedAt\":1517016947,"
                        + "\"lastUpdatedAt\":1517016947,\"versionNumber\":1,\"executionNumber\":1,\"jobDocument\":"
                        + "{\"operation\":\"test\"}}} | true",
                "{\"timestamp\":1517189551} | false",
                "{\"timestamp\":1517189551,\"execution\":{}} | false",
                "no json | true"
            })
    void tellsWhetherAJobIsAnnounced(String message, boolean announced) {
        assertThat(JobMessages.announcesJob(bytes(message))).isEqualTo(announced);
    }

    @Test
    void namesTheExecutionAndNoVersionInAReport() {
        JobExecution.Key job = new JobExecution.Key("a", 3, 0);

        assertThat(text(JobMessages.report(job, new JobOutcome(JobOutcome.Status.SUCCEEDED, null))))
                .isEqualTo("{\"status\":\"SUCCEEDED\",\"executionNumber\":3}");
        assertThat(text(JobMessages.report(
                        job, new JobOutcome(JobOutcome.Status.FAILED, Map.of("reason", "it \"broke\"")))))
                .isEqualTo(
                        "{\"status\":\"FAILED\",\"executionNumber\":3,\"statusDetails\":{\"reason\":\"it \\\"broke\\\"\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "InternalError, , PASSING",
        "RequestThrottled, , PASSING",
        "TerminalStateReached, , ENDED",
        "ResourceNotFound, , ENDED",
        "InvalidStateTransition, CANCELED, ENDED",
        "InvalidStateTransition, , ENDED",
        "VersionMismatch, CANCELED, ENDED",
        "VersionMismatch, TIMED_OUT, ENDED",
        "VersionMismatch, IN_PROGRESS, PASSING",
        "VersionMismatch, , PASSING",
        "InvalidRequest, , LASTING",
        "InvalidJson, , LASTING",
        "InvalidTopic, , LASTING",
        "unknown, , LASTING"
    })
    void knowsWhatARejectionMeans(String code, String status, ReportFailure kind) {
        assertThat(JobErrors.kind(code, status)).isEqualTo(kind);
    }

    @Test
    void readsTheStateThatARejectionTells() {
        assertThat(JobMessages.executionStatus(
                        bytes("{\"code\":\"VersionMismatch\",\"message\":\"m\",\"executionState\":"
                                + "{\"status\":\"CANCELED\",\"versionNumber\":3}}")))
                .isEqualTo("CANCELED");
        assertThat(JobMessages.executionStatus(bytes("{\"code\":\"InvalidRequest\"}")))
                .isNull();
        assertThat(JobMessages.executionStatus(bytes("no json"))).isNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
