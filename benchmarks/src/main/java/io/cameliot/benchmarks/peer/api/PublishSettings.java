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
 * The settings of a publishing client.
 *
 * @param server the server
 * @param identity name of its certificate and client identifier
 * @param topic topic of all messages
 * @param qos 0 or 1
 * @param window maximum number of messages in flight
 * @param payloadBytes length of each payload
 */
public record PublishSettings(
        ServerAddress server, String identity, String topic, int qos, int window, int payloadBytes) {}
