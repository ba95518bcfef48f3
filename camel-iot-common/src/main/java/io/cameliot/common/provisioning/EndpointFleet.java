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
package io.cameliot.common.provisioning;

import io.cameliot.common.fleet.RunOwner;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/** The devices that one endpoint provisions, as its consumers and producers use them. */
public interface EndpointFleet {

    /** Runs a task on a thread where routes may continue. */
    void execute(Runnable task);

    /** Runs a task after a delay on a thread where routes may continue. */
    Future<?> schedule(Runnable task, Duration delay);

    /** Cancels the runs of the matching owners immediately; their futures complete with the reason. */
    void cancel(Predicate<RunOwner> owner, String reason);

    /** Returns the number of devices in progress, each with at most one connection. */
    int active();

    /** Returns the number of devices that wait for their turn. */
    int waiting();

    /** Cancels all runs, closes their connections, and ends the threads of the routes. */
    void close();
}
