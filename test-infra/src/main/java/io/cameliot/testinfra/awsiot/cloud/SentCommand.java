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

/** A command on its way, and what its device says of it. */
public final class SentCommand {
    private final DeviceServices services;
    private final String executionId;

    SentCommand(DeviceServices services, String executionId) {
        this.services = services;
        this.executionId = executionId;
    }

    /** As in the topics. */
    public String executionId() {
        return executionId;
    }

    /** How far it is; {@code TIMED_OUT} as soon as its time is over. */
    public CommandState state() {
        return services.command(executionId).state();
    }

    /**
     * All that was said of it.
     *
     * @return oldest first: {@code CREATED}, the device's reports, and {@code TIMED_OUT} by the cloud
     */
    public List<CommandReport> history() {
        return services.command(executionId).history();
    }

    /** What came out, as the device reported last. */
    public Optional<ObjectNode> result() {
        return services.command(executionId).latest().result();
    }
}
