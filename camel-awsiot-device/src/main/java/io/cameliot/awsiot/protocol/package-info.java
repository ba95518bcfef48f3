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
 * The combinations of protocol, port, authentication and ALPN name that AWS IoT Core supports, each of them a constant
 * of {@link io.cameliot.awsiot.protocol.ConnectionProfile}, and the address of the device gateway. No other code
 * compares port numbers.
 *
 * <p>Public API: the values of options, {@link io.cameliot.awsiot.protocol.DeviceProtocol} and
 * {@link io.cameliot.awsiot.protocol.DeviceAuthentication}. Does not depend on the other packages of the component.
 */
package io.cameliot.awsiot.protocol;
