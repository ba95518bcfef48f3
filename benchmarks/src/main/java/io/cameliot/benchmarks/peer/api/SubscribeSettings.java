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
package io.cameliot.benchmarks.peer.api;

import io.cameliot.benchmarks.server.ServerAddress;

/**
 * The settings of a receiving client.
 *
 * @param server the server
 * @param identity name of its certificate and client identifier
 * @param topic topic filter, at QoS 1
 * @param onMessage the work on each message; the client acknowledges when it returns
 */
public record SubscribeSettings(ServerAddress server, String identity, String topic, Runnable onMessage) {}
