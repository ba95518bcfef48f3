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

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * An {@link SSLEngine} that runs the whole handshake of JSSE's engine in delegated tasks.
 *
 * <p>JSSE delegates every handshake message except the server's Finished, on which a TLS 1.3 client signs (RFC 8446,
 * section 4.4). It also holds its lock while a task runs, so that a call that closes the engine would wait for the
 * task. This class reads the encrypted records of the first handshake in a task, too, and postpones closing to the end
 * of the running task, on the task's thread.
 */
final class DelegatingEngine extends SSLEngine {

    /**
     * The content type of every encrypted TLS 1.3 record (RFC 8446, section 5.2) and of no record of a TLS 1.2
     * handshake.
     */
    private static final byte APPLICATION_DATA = 23;

    private static final int HEADER = 5;

    private final SSLEngine engine;
    private volatile ByteBuffer unread;
    private volatile SSLException failure;
    private volatile boolean connected;
    private final Object lock = new Object();
    private boolean busy; // guarded by lock
    private boolean closeInbound; // guarded by lock
    private boolean closeOutbound; // guarded by lock

    DelegatingEngine(SSLEngine engine) {
        super(engine.getPeerHost(), engine.getPeerPort());
        this.engine = engine;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) throws SSLException {
        if (isAtWork()) {
            return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, 0, 0);
        }
        SSLException failed = failure;
        if (failed != null) {
            failure = null;
            throw failed;
        }
        // In a renegotiation, which only TLS 1.2 has, the server's data go on.
        int record = connected ? 0 : encryptedRecord(source);
        if (record > 0 && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            ByteBuffer copy = ByteBuffer.allocate(record);
            copy.put(source.slice().limit(record)).flip();
            source.position(source.position() + record);
            unread = copy;
            return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, record, 0);
        }
        return noted(engine.unwrap(source, targets, offset, length));
    }

    private SSLEngineResult noted(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            connected = true;
        }
        return result;
    }

    /** The length of the record if it is complete; 0 if not. */
    private static int encryptedRecord(ByteBuffer source) {
        int start = source.position();
        if (source.remaining() < HEADER || source.get(start) != APPLICATION_DATA) {
            return 0;
        }
        int record = HEADER + (source.getShort(start + 3) & 0xFFFF);
        return source.remaining() >= record ? record : 0;
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) throws SSLException {
        return isAtWork()
                ? new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, 0, 0)
                : noted(engine.wrap(sources, offset, length, target));
    }

    @Override
    public Runnable getDelegatedTask() {
        ByteBuffer record = unread;
        Runnable task = record != null ? () -> read(record) : engine.getDelegatedTask();
        return task == null ? null : () -> work(task);
    }

    private void read(ByteBuffer record) {
        try {
            engine.unwrap(record, ByteBuffer.allocate(record.remaining()));
        } catch (SSLException e) {
            failure = e;
        }
        unread = null;
    }

    private void work(Runnable task) {
        synchronized (lock) {
            busy = true;
        }
        try {
            task.run();
        } finally {
            boolean inbound;
            boolean outbound;
            synchronized (lock) {
                busy = false;
                inbound = closeInbound;
                outbound = closeOutbound;
            }
            if (outbound) {
                engine.closeOutbound();
            }
            if (inbound) {
                closeInboundOf(engine);
            }
        }
    }

    private static void closeInboundOf(SSLEngine engine) {
        try {
            engine.closeInbound();
        } catch (SSLException e) {
            // The peer sent no close_notify, but the connection has already ended.
            engine.closeOutbound();
        }
    }

    private boolean isAtWork() {
        synchronized (lock) {
            return busy || unread != null;
        }
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (isAtWork()) {
            return HandshakeStatus.NEED_TASK;
        }
        return failure != null ? HandshakeStatus.NEED_UNWRAP : engine.getHandshakeStatus();
    }

    @Override
    public void closeInbound() throws SSLException {
        synchronized (lock) {
            closeInbound = true;
            if (busy) {
                return;
            }
        }
        engine.closeInbound();
    }

    @Override
    public void closeOutbound() {
        synchronized (lock) {
            closeOutbound = true;
            if (busy) {
                return;
            }
        }
        engine.closeOutbound();
    }

    @Override
    public boolean isInboundDone() {
        return !isAtWork() && engine.isInboundDone();
    }

    @Override
    public boolean isOutboundDone() {
        return !isAtWork() && engine.isOutboundDone();
    }

    @Override
    public void beginHandshake() throws SSLException {
        engine.beginHandshake();
    }

    @Override
    public SSLSession getSession() {
        return engine.getSession();
    }

    @Override
    public String getApplicationProtocol() {
        return engine.getApplicationProtocol();
    }

    @Override
    public SSLParameters getSSLParameters() {
        return engine.getSSLParameters();
    }

    @Override
    public void setSSLParameters(SSLParameters parameters) {
        engine.setSSLParameters(parameters);
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return engine.getSupportedCipherSuites();
    }

    @Override
    public String[] getEnabledCipherSuites() {
        return engine.getEnabledCipherSuites();
    }

    @Override
    public void setEnabledCipherSuites(String[] suites) {
        engine.setEnabledCipherSuites(suites);
    }

    @Override
    public String[] getSupportedProtocols() {
        return engine.getSupportedProtocols();
    }

    @Override
    public String[] getEnabledProtocols() {
        return engine.getEnabledProtocols();
    }

    @Override
    public void setEnabledProtocols(String[] protocols) {
        engine.setEnabledProtocols(protocols);
    }

    @Override
    public void setUseClientMode(boolean mode) {
        engine.setUseClientMode(mode);
    }

    @Override
    public boolean getUseClientMode() {
        return engine.getUseClientMode();
    }

    @Override
    public void setNeedClientAuth(boolean need) {
        engine.setNeedClientAuth(need);
    }

    @Override
    public boolean getNeedClientAuth() {
        return engine.getNeedClientAuth();
    }

    @Override
    public void setWantClientAuth(boolean want) {
        engine.setWantClientAuth(want);
    }

    @Override
    public boolean getWantClientAuth() {
        return engine.getWantClientAuth();
    }

    @Override
    public void setEnableSessionCreation(boolean enabled) {
        engine.setEnableSessionCreation(enabled);
    }

    @Override
    public boolean getEnableSessionCreation() {
        return engine.getEnableSessionCreation();
    }
}
