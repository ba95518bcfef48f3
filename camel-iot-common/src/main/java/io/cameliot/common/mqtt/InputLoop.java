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
package io.cameliot.common.mqtt;

import io.cameliot.common.tls.IdleWatch;
import io.cameliot.common.tls.TlsSocket;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;

/**
 * The reading of a session, up to its end: on one thread while something comes, and on none while nothing
 * does. Whichever thread goes on sees all that those before it have done.
 */
final class InputLoop implements Runnable {

    /** How long the thread stays when nothing comes: much longer than an answer takes that is on its way. */
    static final int IDLE_MILLIS = 100;

    private final TlsSocket socket;
    private final IdleWatch watch;
    private final Incoming incoming;
    private final PacketOutput output;
    private final InFlight inFlight;
    private final Consumer<Exception> onEnd;
    private final PacketReader reader;

    /**
     * @param socket connected
     * @param output held back while more input is at hand, so that the answers to it go out together
     * @param onEnd hears once, on the thread that reads, what ended the reading
     */
    InputLoop(
            TlsSocket socket,
            IdleWatch watch,
            Incoming incoming,
            PacketOutput output,
            InFlight inFlight,
            Consumer<Exception> onEnd)
            throws IOException {
        this.socket = socket;
        this.watch = watch;
        this.incoming = incoming;
        this.output = output;
        this.inFlight = inFlight;
        this.onEnd = onEnd;
        this.reader = new PacketReader(socket.getInputStream(), incoming);
        socket.setIdleTimeout(IDLE_MILLIS);
    }

    /** Reads until nothing comes for a while; runs again, on whatever thread, when something does. */
    @Override
    public void run() {
        try {
            boolean reading = true;
            while (reading) {
                reading = readOn() || !park();
            }
        } catch (IOException | RuntimeException e) {
            onEnd.accept(e);
        }
    }

    /**
     * @return false if nothing came for a while
     * @throws EOFException at the end of the stream
     */
    private boolean readOn() throws IOException {
        try {
            if (!reader.read()) {
                throw new EOFException();
            }
        } catch (SocketTimeoutException e) {
            output.release(inFlight.answeredMark());
            return false;
        }
        incoming.heard();
        output.hold();
        if (!socket.isInputAtHand()) {
            output.release(inFlight.answeredMark());
        }
        return true;
    }

    /**
     * @return true if another thread reads on, perhaps already: this one must not touch anything then
     */
    private boolean park() throws IOException {
        reader.release();
        return socket.park(watch, this);
    }
}
