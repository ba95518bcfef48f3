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
package io.cameliot.testinfra.net;

import io.netty.util.AttributeKey;
import java.util.List;
import java.util.Optional;

/**
 * The extensions of a ClientHello that a server needs before the handshake.
 *
 * @param serverName the host name of the SNI extension (RFC 6066, section 3)
 * @param applicationProtocols the names of the ALPN extension (RFC 7301), in the client's order; empty without ALPN
 */
public record ClientHello(Optional<String> serverName, List<String> applicationProtocols) {
    /** The channel attribute with the connection's ClientHello. */
    public static final AttributeKey<ClientHello> ATTRIBUTE = AttributeKey.valueOf(ClientHello.class, "clientHello");

    public ClientHello {
        applicationProtocols = List.copyOf(applicationProtocols);
    }
}
