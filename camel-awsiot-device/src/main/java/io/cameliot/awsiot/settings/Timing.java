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
package io.cameliot.awsiot.settings;

import java.time.Duration;

/**
 * The time limits and delays of a connection.
 *
 * @param connectionTimeout time limit of each connection attempt
 * @param publishTimeout time limit of each publish
 * @param reconnectMinDelay smallest delay before a reconnect
 * @param reconnectMaxDelay largest delay before a reconnect
 */
public record Timing(
        Duration connectionTimeout, Duration publishTimeout, Duration reconnectMinDelay, Duration reconnectMaxDelay) {}
