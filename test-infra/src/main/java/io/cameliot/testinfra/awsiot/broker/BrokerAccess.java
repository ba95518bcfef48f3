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
 * How the gateway gets into the broker behind it. The broker's port is plain TCP on loopback; the password, made anew for
 * each broker, keeps everyone else on the machine from walking around the gateway.
 *
 * @param address host and port
 * @param userName the one user
 * @param password the one password
 */
public record BrokerAccess(InetSocketAddress address, String userName, String password) {
    @Override
    public String toString() {
        return "BrokerAccess[" + address + "]";
    }
}
