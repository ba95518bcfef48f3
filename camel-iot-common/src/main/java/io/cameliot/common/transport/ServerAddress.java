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
package io.cameliot.common.transport;

import java.util.ArrayList;
import java.util.List;

/**
 * The address of a server and the route to it.
 *
 * @param host the server's name for SNI and the host name check, and its address unless {@code connectTo} is given
 * @param port the server's port
 * @param connectTo the address to dial instead; null dials {@code host:port}
 * @param proxy the forward proxy to the address; null dials it directly
 */
public record ServerAddress(String host, int port, HostAndPort connectTo, ProxyAddress proxy) {

    /**
     * The value of the {@code Host} header. It omits port 443, the default of HTTPS and WSS (RFC 9110, section 4.2.2;
     * RFC 6455, section 3). Signatures must cover exactly this text.
     */
    public String authority() {
        String withPort = new HostAndPort(host, port).toString();
        return port == 443 ? withPort.substring(0, withPort.lastIndexOf(':')) : withPort;
    }

    /** The address of the connection, which the proxy dials if there is one. */
    public HostAndPort destination() {
        return connectTo != null ? connectTo : new HostAndPort(host, port);
    }

    /** The address that this machine dials. */
    public HostAndPort dialled() {
        return proxy != null ? proxy.address() : destination();
    }

    /** Returns whether the host is an IPv4 or IPv6 address, which SNI does not allow (RFC 6066, section 3). */
    public boolean isAddressLiteral() {
        return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    /** Returns the server, with {@code connectTo} and the proxy if they are set, for messages. */
    @Override
    public String toString() {
        List<String> detours = new ArrayList<>();
        if (connectTo != null) {
            detours.add("connectTo " + connectTo);
        }
        if (proxy != null) {
            detours.add("proxy " + proxy);
        }
        return new HostAndPort(host, port) + (detours.isEmpty() ? "" : " (" + String.join(", ", detours) + ")");
    }
}
