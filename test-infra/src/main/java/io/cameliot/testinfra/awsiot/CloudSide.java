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

import io.cameliot.testinfra.awsiot.cloud.Commands;
import io.cameliot.testinfra.awsiot.cloud.Jobs;
import io.cameliot.testinfra.awsiot.cloud.Thing;
import java.time.Duration;
import java.time.Instant;

/** What an emulator lets a test do on the cloud's side: shadows, jobs and commands, and their time. */
public abstract class CloudSide extends SeenByGateway {

    CloudSide() {}

    /**
     * A thing of the account, with its shadows.
     *
     * @param name 1 to 128 letters, digits, colons, underscores and hyphens
     * @return the thing; every name is one of a thing
     * @throws IllegalStateException before the start
     */
    public Thing thing(String name) {
        return new Thing(gateway().deviceServices(), name);
    }

    /**
     * The jobs of the account.
     *
     * @return to queue and cancel jobs, and to look at their executions
     * @throws IllegalStateException before the start
     */
    public Jobs jobs() {
        return new Jobs(gateway().deviceServices());
    }

    /**
     * The commands of the account.
     *
     * @return to send commands
     * @throws IllegalStateException before the start
     */
    public Commands commands() {
        return new Commands(gateway().deviceServices());
    }

    /**
     * The time of shadows, jobs and commands.
     *
     * @return the machine's time and as much as {@link #advanceClock} has added
     * @throws IllegalStateException before the start
     */
    public Instant now() {
        return gateway().deviceServices().now();
    }

    /**
     * Turns the clock of shadows, jobs and commands: what is overdue then times out, and devices are told. Connections,
     * certificates and signatures do not notice.
     *
     * @param time not negative
     * @throws IllegalStateException before the start
     */
    public void advanceClock(Duration time) {
        gateway().deviceServices().advanceClock(time);
    }
}
