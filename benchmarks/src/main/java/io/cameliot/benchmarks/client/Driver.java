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

/** Drives and measures a peer in a separate process. */
public enum Driver {
    /** Publishes by MQTT as fast as the window allows. */
    PUBLISH(PublishDriver::mqtt),
    /** Publishes by HTTPS as fast as the threads allow. */
    PUBLISH_HTTPS(PublishDriver::https),
    /** Publishes one message at a time, with a pause in between. */
    LONE(LoneDriver::start),
    /** Receives messages that the broker has queued. */
    RECEIVE(ReceiveDriver::start),
    /** Connects many identities and keeps them connected. */
    FLEET(FleetDriver::start),
    /** Connects many identities, each of which publishes at intervals. */
    PUBLISHING_FLEET(PublishingFleetDriver::start),
    /** Registers one device after the other. */
    REGISTER_LONE(LoneRegistrationDriver::start),
    /** Registers many devices, several at a time. */
    REGISTER_FLEET(FleetRegistrationDriver::start);

    private final Start start;

    Driver(Start start) {
        this.start = start;
    }

    /** Connects the peer and warms it up. */
    Session start(Peer peer, Arguments arguments) throws Exception {
        return start.start(peer, arguments);
    }

    /** The implementation of a driver. */
    @FunctionalInterface
    private interface Start {
        Session start(Peer peer, Arguments arguments) throws Exception;
    }
}
