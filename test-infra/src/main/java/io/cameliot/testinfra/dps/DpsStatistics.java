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
package io.cameliot.testinfra.dps;

/**
 * Counts since the emulator was started or reset.
 *
 * @param failedHandshakes connections that did not get through the TLS handshake, for whatever reason
 * @param connects CONNECT packets
 * @param refusedConnects CONNECT packets that were not accepted
 * @param openConnections MQTT connections that are open now
 * @param mostOpenConnections the most that were open at a time
 * @param registers register requests
 * @param polls polls
 * @param throttled requests that were answered 429
 */
public record DpsStatistics(
        long failedHandshakes,
        long connects,
        long refusedConnects,
        int openConnections,
        int mostOpenConnections,
        long registers,
        long polls,
        long throttled) {}
