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
 * @param connections counts of connections
 * @param requests counts of requests
 */
public record DpsStatistics(Connections connections, Requests requests) {

    /**
     * Counts of connections.
     *
     * @param failedHandshakes connections whose TLS handshake failed for any reason
     * @param connects CONNECT packets
     * @param refusedConnects refused CONNECT packets
     * @param open currently open MQTT connections
     * @param mostOpen the maximum of simultaneously open MQTT connections
     */
    public record Connections(long failedHandshakes, long connects, long refusedConnects, int open, int mostOpen) {}

    /**
     * Counts of requests.
     *
     * @param registers register requests
     * @param polls polls
     * @param throttled requests answered 429
     */
    public record Requests(long registers, long polls, long throttled) {}

    /**
     * Connections whose TLS handshake failed for any reason.
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
     * Refused CONNECT packets.
     *
     * @return their number
     */
    public long refusedConnects() {
        return connections.refusedConnects();
    }

    /**
     * Currently open MQTT connections.
     *
     * @return their number
     */
    public int openConnections() {
        return connections.open();
    }

    /**
     * The maximum of simultaneously open MQTT connections.
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
     * Requests answered 429.
     *
     * @return their number
     */
    public long throttled() {
        return requests.throttled();
    }
}
