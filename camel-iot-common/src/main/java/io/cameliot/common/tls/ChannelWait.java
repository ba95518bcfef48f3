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

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets a thread wait until a channel that does not block is ready. One thread at a time waits; {@link #close()} from any
 * other ends its wait at once. The selector is kept from one wait to the next, so that a wait costs one system call, and
 * with it two file descriptors, until {@link #release()}.
 */
final class ChannelWait {

    private static final Consumer<SelectionKey> NO_ACTION = key -> {};

    private final SelectableChannel channel;
    private SelectionKey key; // guarded by this
    private boolean waiting; // guarded by this
    private boolean closed; // guarded by this

    ChannelWait(SelectableChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits, as reads and writes of a socket do, without heeding interrupts.
     *
     * @param operation of {@link SelectionKey}
     * @param millis zero to wait for as long as it takes
     * @return false if the time is over before
     * @throws SocketException if this was closed meanwhile, or before
     */
    boolean await(int operation, int millis) throws IOException {
        boolean interrupted = false;
        try {
            Selector ready = begin(operation);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            long left = millis;
            while (ready.select(NO_ACTION, left) == 0) {
                interrupted |= Thread.interrupted();
                if (millis > 0) {
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                    if (left <= 0) {
                        return false;
                    }
                }
            }
            return true;
        } catch (ClosedSelectorException | CancelledKeyException e) {
            throw closedException();
        } finally {
            end(interrupted);
        }
    }

    private synchronized Selector begin(int operation) throws IOException {
        if (closed) {
            throw closedException();
        }
        if (key == null) {
            Selector selector = Selector.open();
            try {
                key = channel.register(selector, operation);
            } catch (IOException e) {
                selector.close();
                throw e;
            }
        } else if (key.interestOps() != operation) {
            key.interestOps(operation);
        }
        waiting = true;
        return key.selector();
    }

    private void end(boolean interrupted) {
        synchronized (this) {
            waiting = false;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives the selector back, unless somebody is waiting. */
    synchronized void release() throws IOException {
        if (!waiting) {
            closeSelector();
        }
    }

    /** Ends a wait, and refuses further ones. */
    synchronized void close() throws IOException {
        closed = true;
        closeSelector();
    }

    private void closeSelector() throws IOException {
        if (key != null) {
            Selector selector = key.selector();
            key = null;
            selector.close();
        }
    }

    private static SocketException closedException() {
        return new SocketException("Socket closed");
    }
}
