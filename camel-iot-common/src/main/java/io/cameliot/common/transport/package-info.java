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
 * <p>Other packages may use all types. They do not depend on certificate files, MQTT, components or options: a
 * component gives its users advice through {@link io.cameliot.common.transport.ConnectAdvice}.
 */
package io.cameliot.common.transport;
