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
package io.cameliot.awsiot.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/**
 * Writes the reports of commands.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/iot-remote-command-execution-start-monitor.html">Start
 *     and monitor command executions</a>
 */
final class CommandMessages {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CommandMessages() {}

    static byte[] report(CommandOutcome outcome) {
        ObjectNode report = JSON.createObjectNode();
        report.put("status", outcome.status().name());
        if (outcome.reasonCode() != null) {
            ObjectNode reason = report.putObject("statusReason");
            reason.put("reasonCode", outcome.reasonCode());
            if (outcome.reasonDescription() != null) {
                reason.put("reasonDescription", outcome.reasonDescription());
            }
        }
        if (outcome.result() != null && !outcome.result().isEmpty()) {
            report.set("result", JSON.valueToTree(outcome.result()));
        }
        return report.toString().getBytes(StandardCharsets.UTF_8);
    }
}
