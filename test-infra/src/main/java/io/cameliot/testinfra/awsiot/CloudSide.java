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

/** The cloud's side of an emulator: shadows, jobs and commands, and their clock. */
public abstract class CloudSide extends SeenByGateway {

    CloudSide() {}

    /**
     * A thing of the account with its shadows.
     *
     * @param name 1 to 128 letters, digits, colons, underscores and hyphens
     * @return the thing; there is a thing for every name
     * @throws IllegalStateException before the start
     */
    public Thing thing(String name) {
        return new Thing(gateway().deviceServices(), name);
    }

    /**
     * Returns the jobs of the account.
     *
     * @return queues and cancels jobs, and returns their executions
     * @throws IllegalStateException before the start
     */
    public Jobs jobs() {
        return new Jobs(gateway().deviceServices());
    }

    /**
     * Returns the commands of the account.
     *
     * @return sends commands
     * @throws IllegalStateException before the start
     */
    public Commands commands() {
        return new Commands(gateway().deviceServices());
    }

    /**
     * Returns the time of shadows, jobs and commands.
     *
     * @return the machine's time plus the sum of {@link #advanceClock}
     * @throws IllegalStateException before the start
     */
    public Instant now() {
        return gateway().deviceServices().now();
    }

    /**
     * Advances the clock of shadows, jobs and commands. Overdue executions time out, and devices are notified.
     * Connections, certificates and signatures use the machine's clock.
     *
     * @param time not negative
     * @throws IllegalStateException before the start
     */
    public void advanceClock(Duration time) {
        gateway().deviceServices().advanceClock(time);
    }
}
