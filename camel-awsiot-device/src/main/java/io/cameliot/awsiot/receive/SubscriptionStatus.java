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
package io.cameliot.awsiot.receive;

/**
 * A subscription of a connection.
 *
 * @param topicFilter as in the SUBSCRIBE packet, with the prefix of a shared subscription
 * @param qos the highest QoS that a consumer requested, 0 or 1
 * @param refused whether the server refused it in its latest answer
 */
public record SubscriptionStatus(String topicFilter, int qos, boolean refused) {}
