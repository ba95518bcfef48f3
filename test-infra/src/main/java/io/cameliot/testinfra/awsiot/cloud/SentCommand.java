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
package io.cameliot.testinfra.awsiot.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.command.CommandReport;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.service.DeviceServices;
import java.util.List;
import java.util.Optional;

/** A command that was sent, and its state. */
public final class SentCommand {
    private final DeviceServices services;
    private final String executionId;

    SentCommand(DeviceServices services, String executionId) {
        this.services = services;
        this.executionId = executionId;
    }

    /** The execution id in the topics. */
    public String executionId() {
        return executionId;
    }

    /** The current state; {@code TIMED_OUT} from the time limit on. */
    public CommandState state() {
        return services.command(executionId).state();
    }

    /**
     * All reports of the command.
     *
     * @return oldest first: {@code CREATED}, the reports of the device, and {@code TIMED_OUT} by the service
     */
    public List<CommandReport> history() {
        return services.command(executionId).history();
    }

    /** The result in the device's latest report. */
    public Optional<ObjectNode> result() {
        return services.command(executionId).latest().result();
    }
}
