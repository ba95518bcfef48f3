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
package io.cameliot.testinfra.dps.journal;

/**
 * Counts since the emulator was started or reset.
 *
 * @param connections of connections
 * @param requests of requests
 */
public record DpsStatistics(Connections connections, Requests requests) {

    /**
     * Counts of connections.
     *
     * @param failedHandshakes connections that did not get through the TLS handshake, for whatever reason
     * @param connects CONNECT packets
     * @param refusedConnects CONNECT packets that were not accepted
     * @param open MQTT connections that are open now
     * @param mostOpen the most that were open at a time
     */
    public record Connections(long failedHandshakes, long connects, long refusedConnects, int open, int mostOpen) {}

    /**
     * Counts of requests.
     *
     * @param registers register requests
     * @param polls polls
     * @param throttled requests that were answered 429
     */
    public record Requests(long registers, long polls, long throttled) {}

    /**
     * Connections that did not get through the TLS handshake, for whatever reason.
     *
     * @return their number
     */
    public long failedHandshakes() {
        return connections.failedHandshakes();
    }

    /**
     * CONNECT packets.
     *
     * @return their number
     */
    public long connects() {
        return connections.connects();
    }

    /**
     * CONNECT packets that were not accepted.
     *
     * @return their number
     */
    public long refusedConnects() {
        return connections.refusedConnects();
    }

    /**
     * MQTT connections that are open now.
     *
     * @return their number
     */
    public int openConnections() {
        return connections.open();
    }

    /**
     * The most MQTT connections that were open at a time.
     *
     * @return their number
     */
    public int mostOpenConnections() {
        return connections.mostOpen();
    }

    /**
     * Register requests.
     *
     * @return their number
     */
    public long registers() {
        return requests.registers();
    }

    /**
     * Polls.
     *
     * @return their number
     */
    public long polls() {
        return requests.polls();
    }

    /**
     * Requests that were answered 429.
     *
     * @return their number
     */
    public long throttled() {
        return requests.throttled();
    }
}
