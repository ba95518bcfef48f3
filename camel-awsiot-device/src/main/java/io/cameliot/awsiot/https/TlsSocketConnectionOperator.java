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
package io.cameliot.awsiot.https;

import io.cameliot.common.tls.TlsSocket;
import io.cameliot.common.tls.TlsTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Gives HttpClient connections over our own sockets, so that HTTPS dials, checks host names and offers ALPN as MQTT
 * does. HttpClient sees no TLS session in them, and therefore does not take connections with a client certificate for
 * stateful ones, which it would not reuse.
 */
final class TlsSocketConnectionOperator implements HttpClientConnectionOperator {

    private final Supplier<TlsTarget> target;

    /**
     * @param target asked for each connection, so that renewed certificates are taken up
     */
    TlsSocketConnectionOperator(Supplier<TlsTarget> target) {
        this.target = target;
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            InetSocketAddress localAddress,
            TimeValue connectTimeout,
            SocketConfig socketConfig,
            HttpContext context)
            throws IOException {
        TlsSocket socket = new TlsSocket(target.get());
        // Bound before it connects, so that closing the client ends the attempt.
        connection.bind(socket);
        socket.connect(null);
        connection.bind(socket);
    }

    @Override
    public void upgrade(ManagedHttpClientConnection connection, HttpHost host, HttpContext context) {
        throw new UnsupportedOperationException("The connection is TLS from its beginning");
    }
}
