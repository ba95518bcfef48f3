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
 * The destination of a connection and the reasons of its failure: addresses, the forward proxy, the TLS target, the
 * WebSocket upgrade, and the typed reasons. {@link io.cameliot.common.transport.connect} opens the connection.
 *
 * <p>All types are for use from outside. They know no certificate file, no MQTT, no component and no option:
 * {@link io.cameliot.common.transport.ConnectAdvice} is where a component tells its users what to do.
 */
package io.cameliot.common.transport;
