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
package io.cameliot.common.tls;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket to one {@link TlsTarget}: {@link #connect} dials, tries every resolved address, has a forward proxy open a
 * tunnel where there is one, and completes the TLS handshake with SNI and host name check and, where the target asks for
 * it, the upgrade to a WebSocket, whose binary messages the streams then carry: all within the target's timeout.
 * {@link #close()} from any thread ends an attempt in progress.
 */
public final class TlsSocket extends Socket {

    private static final Logger LOG = LoggerFactory.getLogger(TlsSocket.class);
    private static final int INPUT_BUFFER = 16 * 1024;

    private final TlsTarget target;
    private final Object lock = new Object();
    private boolean closed; // guarded by lock
    private Transport transport; // guarded by lock
    private volatile SSLSocket tls;
    // Written before tls
    private Transport established;
    private InputStream input;
    private OutputStream output;
    private WebSocketOutput webSocket;
    private ReleasableInput webSocketInput;

    private volatile int readTimeout;
    private volatile boolean writing;

    /** An unconnected socket to the target. */
    public TlsSocket(TlsTarget target) {
        this.target = target;
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
        connect(ignored, 0);
    }

    /** Connects to the target, whatever address and timeout are given here. */
    @Override
    public void connect(SocketAddress ignoredAddress, int ignoredTimeout) throws IOException {
        try {
            Transport dialled = dial(new Deadline(target.timeout()));
            if (target.proxy() != null) {
                ProxyTunnel.to(target).open(dialled);
            }
            SSLSocket handshaken = handshake(dialled);
            layer(handshaken);
            dialled.established();
            established = dialled;
            handshaken.setSoTimeout(readTimeout);
            begin(handshaken);
        } catch (IOException e) {
            if (isClosed()) {
                throw TlsFailures.closedHere(e, target);
            }
            abort();
            throw TlsFailures.explain(e, target);
        } catch (RuntimeException | Error e) {
            abort();
            throw e;
        }
    }

    private Transport dial(Deadline deadline) throws IOException {
        HostAndPort address = target.dialled();
        InetAddress[] candidates = InetAddress.getAllByName(address.host());
        IOException failure = null;
        for (int i = 0; i < candidates.length; i++) {
            Transport socket = replaceTransport(new Transport(deadline));
            try {
                // A dead address may cost its share of the time, not the turn of the others.
                int share = Math.max(1, deadline.remainingMillis() / (candidates.length - i));
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(candidates[i], address.port()), share);
                return socket;
            } catch (IOException e) {
                socket.close();
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        throw failure;
    }

    private SSLSocket handshake(Transport socket) throws IOException {
        SSLSocket layered = (SSLSocket)
                target.sslContext().getSocketFactory().createSocket(socket, target.host(), target.port(), true);
        SSLParameters parameters = layered.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (!TlsTarget.isAddressLiteral(target.host())) {
            parameters.setServerNames(List.of(new SNIHostName(target.host())));
        }
        if (target.alpn() != null) {
            parameters.setApplicationProtocols(new String[] {target.alpn()});
        }
        if (!target.tlsVersions().isEmpty()) {
            parameters.setProtocols(target.tlsVersions().toArray(String[]::new));
        }
        layered.setSSLParameters(parameters);
        int flightsBefore = socket.flights();
        try {
            layered.startHandshake();
        } catch (SSLException e) {
            throw TlsFailures.explainHandshake(e, target, socket.flights() - flightsBefore);
        }
        return layered;
    }

    private void begin(SSLSocket handshaken) throws SocketException {
        synchronized (lock) {
            if (closed) {
                throw new SocketException("The socket is closed");
            }
            tls = handshaken;
        }
    }

    /** Puts what the application reads and writes on top of TLS. */
    private void layer(SSLSocket handshaken) throws IOException {
        InputStream in = handshaken.getInputStream();
        OutputStream out = new TrackedOutput(handshaken.getOutputStream());
        if (target.webSocket() != null) {
            webSocketInput = new ReleasableInput(in, INPUT_BUFFER);
            in = webSocketInput;
            new WebSocketHandshake(target).perform(in, out);
            webSocket = new WebSocketOutput(out);
            in = new WebSocketInput(in, webSocket, target);
            out = webSocket;
        }
        input = new ClosingInput(in);
        output = new ClosingOutput(out);
    }

    private Transport replaceTransport(Transport socket) throws IOException {
        synchronized (lock) {
            if (closed) {
                socket.close();
                throw new SocketException("The socket is closed");
            }
            transport = socket;
            return socket;
        }
    }

    /**
     * Tells the server, unless a write is under way, and closes.
     */
    @Override
    public void close() throws IOException {
        close(true);
    }

    /** Closes at once, without telling the server. */
    public void abort() throws IOException {
        close(false);
    }

    private void close(boolean orderly) throws IOException {
        Socket toClose;
        boolean first;
        synchronized (lock) {
            first = !closed;
            closed = true;
            toClose = transport;
        }
        if (!first && orderly) {
            return;
        }
        try {
            // Otherwise the close_notify alert would wait behind a writer that a dead peer holds up.
            if (tls != null && orderly && !writing) {
                sayGoodbye();
            }
        } finally {
            if (toClose != null) {
                toClose.close();
            }
        }
    }

    private void sayGoodbye() {
        try {
            if (webSocket != null) {
                webSocket.sendClose(WebSocketFrames.NORMAL_CLOSURE);
            }
            tls.close();
        } catch (IOException e) {
            LOG.debug("{} was gone before it was told of the end", target, e);
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        connected();
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        connected();
        return output;
    }

    /** Before the connection is made it is kept for later: the attempt has its own time limit. */
    @Override
    public void setSoTimeout(int millis) throws SocketException {
        readTimeout = millis;
        SSLSocket layered = tls;
        if (layered != null) {
            layered.setSoTimeout(millis);
        }
    }

    @Override
    public int getSoTimeout() {
        return readTimeout;
    }

    /**
     * How long a read waits before it throws {@link SocketTimeoutException}, as with {@link #setSoTimeout} but without its
     * cost: a TLS connection that has such a timeout waits for its peer when it is closed.
     *
     * @param millis zero for none
     */
    public void setIdleTimeout(int millis) throws SocketException {
        connected();
        established.setIdleTimeout(millis);
    }

    /**
     * Has the task run, once, when there is something to read, the end of the stream included, or when the socket is
     * closed, so that no thread needs to wait for that. To be called by the reading thread after a
     * {@link SocketTimeoutException}, which says that nothing is left in any layer; if this returns true, only the task
     * may read on. Gives back what memory reading needs.
     *
     * @return false if the task will not run: the socket is closed, or there is nobody to watch it
     */
    public boolean park(IdleWatch watch, Runnable task) throws IOException {
        connected();
        if (webSocketInput != null) {
            webSocketInput.release();
        }
        return established.park(watch, task);
    }

    /** Only an abortive close uses it, which {@link #abort()} is. */
    @Override
    public void setSoLinger(boolean on, int seconds) {
        // Never reaches the transport: a lingering close could block.
    }

    @Override
    public InetAddress getInetAddress() {
        SSLSocket layered = tls;
        return layered == null ? null : layered.getInetAddress();
    }

    @Override
    public boolean isConnected() {
        return tls != null;
    }

    @Override
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Size of the send buffer that the connection has now, in bytes: so much can be written before a write blocks. */
    @Override
    public int getSendBufferSize() throws SocketException {
        connected();
        return established.getSendBufferSize();
    }

    /** Whether a read can return something without waiting for the network; an estimate, for reading in batches. */
    public boolean isInputAtHand() throws IOException {
        connected();
        return input.available() > 0 || established.hasWholeRecord();
    }

    /** The application protocol that was agreed on, empty if none. */
    public String applicationProtocol() throws IOException {
        return connected().getApplicationProtocol();
    }

    private SSLSocket connected() throws SocketException {
        SSLSocket layered = tls;
        if (layered == null) {
            throw new SocketException("The socket is not connected");
        }
        return layered;
    }

    @Override
    public String toString() {
        return "TlsSocket[" + target + "]";
    }

    /** Knows whether a write is under way, for {@link #close()}. */
    private final class TrackedOutput extends FilterOutputStream {

        TrackedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing = true;
            out.write(bytes, offset, length);
            writing = false;
        }

        @Override
        public void write(int b) throws IOException {
            writing = true;
            out.write(b);
            writing = false;
        }
    }

    private final class ClosingOutput extends FilterOutputStream {

        ClosingOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            TlsSocket.this.close();
        }
    }

    private final class ClosingInput extends FilterInputStream {

        ClosingInput(InputStream in) {
            super(in);
        }

        @Override
        public void close() throws IOException {
            TlsSocket.this.close();
        }
    }
}
