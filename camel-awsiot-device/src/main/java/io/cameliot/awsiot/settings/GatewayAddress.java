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

import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;

/**
 * The address of the device gateway, and the way to it.
 *
 * @param protocol protocol of the device gateway
 * @param host host name of the device gateway, option {@code endpoint}
 * @param port TCP port
 * @param alpn ALPN protocol name; null for none
 * @param connectTo address to dial instead of the host's; null for none
 * @param proxy forward proxy to connect through; null for none
 */
public record GatewayAddress(
        DeviceProtocol protocol, String host, int port, String alpn, HostAndPort connectTo, ProxyAddress proxy) {}
