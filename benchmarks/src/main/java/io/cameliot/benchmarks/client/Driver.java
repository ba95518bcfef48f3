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
package io.cameliot.benchmarks.client;

import io.cameliot.benchmarks.peer.Peer;

/** Drives a peer and measures it, in a process of its own. */
public enum Driver {
    /** Publishes by MQTT as fast as the window allows. */
    PUBLISH(PublishDriver::mqtt),
    /** Publishes by HTTPS as fast as the threads allow. */
    PUBLISH_HTTPS(PublishDriver::https),
    /** Publishes one message at a time, with a pause in between. */
    LONE(LoneDriver::run),
    /** Receives what a broker has kept. */
    RECEIVE(ReceiveDriver::run);

    private final Run run;

    Driver(Run run) {
        this.run = run;
    }

    Measurement run(Peer peer, Arguments arguments) throws Exception {
        return run.run(peer, arguments);
    }

    /** What a driver does. */
    @FunctionalInterface
    private interface Run {
        Measurement run(Peer peer, Arguments arguments) throws Exception;
    }
}
