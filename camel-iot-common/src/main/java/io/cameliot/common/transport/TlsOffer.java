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

import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * The client's offer in a TLS handshake.
 *
 * @param context the client's key and the trusted certificates
 * @param versions the protocol versions, e.g. {@code TLSv1.2}; empty for the JDK's
 * @param alpn the application protocol (RFC 7301); null for none
 */
public record TlsOffer(SSLContext context, List<String> versions, String alpn) {

    public TlsOffer {
        versions = List.copyOf(versions);
    }

    /** Offers the JDK's TLS versions and no application protocol. */
    public static TlsOffer of(SSLContext context) {
        return new TlsOffer(context, List.of(), null);
    }

    /** Returns the same offer with another application protocol; null for none. */
    public TlsOffer withAlpn(String name) {
        return new TlsOffer(context, versions, name);
    }
}
