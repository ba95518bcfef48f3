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
/**
 * Store and forward of QoS 1 messages. An exchange continues when its message is accepted, in memory or on disk, and
 * the message is sent as soon as there is a connection.
 *
 * <p>For use from outside: {@link io.cameliot.awsiot.outbox.OutboxMode} and {@link
 * io.cameliot.awsiot.outbox.OutboxOverflow}, the values of options. It does not depend on exchanges.
 */
package io.cameliot.awsiot.outbox;
