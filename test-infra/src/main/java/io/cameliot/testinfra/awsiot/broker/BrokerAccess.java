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
package io.cameliot.testinfra.awsiot.broker;

import java.net.InetSocketAddress;

/**
 * How the gateway connects to the broker behind it. The broker's port is plain TCP on loopback. Each broker has a new
 * password, which prevents other users of the machine from bypassing the gateway.
 *
 * @param address host and port
 * @param userName the only user
 * @param password the only password
 */
public record BrokerAccess(InetSocketAddress address, String userName, String password) {
    @Override
    public String toString() {
        return "BrokerAccess[" + address + "]";
    }
}
