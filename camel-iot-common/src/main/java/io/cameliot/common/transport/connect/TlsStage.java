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
package io.cameliot.common.transport.connect;

import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsFailures;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import io.netty.handler.ssl.SslHandler;
import java.io.EOFException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** TLS with SNI, host name check and, if the target requests it, ALPN. */
final class TlsStage {

    private TlsStage() {}

    static SslHandler handler(TlsTarget target, Executor workers) {
        ServerAddress address = target.address();
        TlsOffer offer = target.tls();
        SSLEngine engine = offer.context().createSSLEngine(address.host(), address.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        // Netty 4.1 sets none by default.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!address.isAddressLiteral()) {
            parameters.setServerNames(List.of(new SNIHostName(address.host())));
        }
        if (offer.alpn() != null) {
            parameters.setApplicationProtocols(new String[] {offer.alpn()});
        }
        if (!offer.versions().isEmpty()) {
            parameters.setProtocols(offer.versions().toArray(String[]::new));
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(new DelegatingEngine(engine), workers);
        // The attempt has its own time limit.
        handler.setHandshakeTimeoutMillis(0);
        // Write each buffer as one record, or as few records as possible.
        handler.setWrapDataSize(0);
        return handler;
    }

    static Throwable explain(Throwable failure, TlsTarget target, AttemptRecorder recorder) {
        if (isEnd(failure)) {
            Throwable written = recorder.writeFailure();
            if (written != null) {
                return written;
            }
            return new SSLException("The server closed the connection", new EOFException());
        }
        return failure instanceof SSLException tls
                ? TlsFailures.explainHandshake(tls, target, recorder.flights())
                : failure;
    }

    private static boolean isEnd(Throwable failure) {
        return failure instanceof ClosedChannelException || failure.getCause() instanceof ClosedChannelException;
    }
}
