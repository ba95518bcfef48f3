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
package io.cameliot.testinfra.awsiot.gateway;

import java.util.concurrent.atomic.LongAdder;

/** Counters since the emulator was created. They never decrease. */
public final class Counters {
    private final LongAdder handshakeFailures = new LongAdder();
    private final LongAdder connects = new LongAdder();
    private final LongAdder refusedConnects = new LongAdder();
    private final LongAdder publishes = new LongAdder();
    private final LongAdder deliveries = new LongAdder();
    private final LongAdder pings = new LongAdder();
    private final LongAdder httpRequests = new LongAdder();

    public Counters() {}

    /**
     * Failed TLS handshakes: missing or invalid client certificate, wrong server name, ALPN or version, no TLS.
     *
     * @return a count
     */
    public long handshakeFailures() {
        return handshakeFailures.sum();
    }

    /**
     * MQTT connections that were accepted with CONNACK.
     *
     * @return a count
     */
    public long connects() {
        return connects.sum();
    }

    /**
     * CONNECT packets and WebSocket upgrades that were refused.
     *
     * @return a count
     */
    public long refusedConnects() {
        return refusedConnects.sum();
    }

    /**
     * Messages accepted from devices, over MQTT and HTTPS.
     *
     * @return a count
     */
    public long publishes() {
        return publishes.sum();
    }

    /**
     * Messages sent to devices.
     *
     * @return a count
     */
    public long deliveries() {
        return deliveries.sum();
    }

    /**
     * PINGREQ packets from devices.
     *
     * @return a count
     */
    public long pings() {
        return pings.sum();
    }

    /**
     * HTTP requests, including WebSocket upgrades and refused requests.
     *
     * @return a count
     */
    public long httpRequests() {
        return httpRequests.sum();
    }

    public void handshakeFailed() {
        handshakeFailures.increment();
    }

    public void connected() {
        connects.increment();
    }

    public void connectRefused() {
        refusedConnects.increment();
    }

    public void published() {
        publishes.increment();
    }

    public void delivered() {
        deliveries.increment();
    }

    public void pinged() {
        pings.increment();
    }

    public void httpRequested() {
        httpRequests.increment();
    }
}
