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

import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.service.DeviceServices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The commands of the account. */
public final class Commands {
    /** The default time limit of a command. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final DeviceServices services;

    /** Called by the emulator. */
    public Commands(DeviceServices services) {
        this.services = services;
    }

    /**
     * Sends a JSON command to a thing with a time limit of {@link #DEFAULT_TIMEOUT}.
     *
     * @param thing its name
     * @param json the payload
     * @return the state of the command
     */
    public SentCommand send(String thing, String json) {
        return send(
                CommandTarget.thing(thing), json.getBytes(StandardCharsets.UTF_8), "application/json", DEFAULT_TIMEOUT);
    }

    /**
     * Sends a command.
     *
     * @param target a thing or an MQTT client
     * @param payload the payload, sent unchanged
     * @param contentType its type, which selects the end of the topic: {@code request/json}, {@code request/cbor} or
     *     {@code request}; MQTT 5 clients receive it as a property
     * @param timeout the time limit from now on, in whole seconds, one to 12 hours; MQTT 5 clients receive it as the
     *     message expiry
     * @return the state of the command
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public SentCommand send(CommandTarget target, byte[] payload, String contentType, Duration timeout) {
        return new SentCommand(
                services, services.send(target, payload, contentType, timeout).id());
    }

    /**
     * Returns the commands that were sent to a thing.
     *
     * @param thing its name
     * @return oldest first
     */
    public List<SentCommand> of(String thing) {
        return of(CommandTarget.thing(thing));
    }

    /**
     * Returns the commands that were sent to a target.
     *
     * @param target a thing or an MQTT client
     * @return oldest first
     */
    public List<SentCommand> of(CommandTarget target) {
        return services.commands().stream()
                .filter(execution -> execution.target().equals(target))
                .map(execution -> new SentCommand(services, execution.id()))
                .toList();
    }
}
