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
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, on one borrowed thread, any number of connections on which nothing comes, so that none needs a thread of its
 * own. The thread is borrowed for as long as there is a connection to watch, and does nothing but that: what is to be done
 * goes to other threads.
 */
public final class IdleWatch {

    private static final Logger LOG = LoggerFactory.getLogger(IdleWatch.class);

    private final Executor threads;
    private Watcher watcher; // guarded by this; null while there is nothing to watch

    /**
     * @param threads lends the thread that watches, and those that the tasks run on, as many as it takes
     */
    public IdleWatch(Executor threads) {
        this.threads = threads;
    }

    /**
     * Has the task run once, on a thread of its own: when the channel can be read from, when {@link Parked#wake()} is
     * called, or when there is nobody to watch any longer. Until then only writing to the channel, and closing it, is
     * allowed. If there is no thread left for the task, the channel is closed and the task runs on the watching one.
     *
     * @return null if there is no thread or file descriptor to watch with: the task will not run
     */
    synchronized Parked park(SelectableChannel channel, Runnable task) {
        if (watcher == null) {
            try {
                watcher = start();
            } catch (IOException | RejectedExecutionException e) {
                LOG.debug("Idle connections keep their threads", e);
                return null;
            }
        }
        Parked parked = new Parked(watcher, channel, task);
        watcher.look(parked);
        return parked;
    }

    private Watcher start() throws IOException {
        Selector selector = Selector.open();
        Watcher started = new Watcher(selector);
        try {
            threads.execute(started);
        } catch (RejectedExecutionException e) {
            selector.close();
            throw e;
        }
        return started;
    }

    private final class Watcher implements Runnable {

        private final Selector selector;
        private List<Parked> changes = new ArrayList<>(); // guarded by IdleWatch.this
        private boolean ended; // guarded by IdleWatch.this
        private int watched; // this and what follows belongs to the watching thread
        private final List<Parked> ready = new ArrayList<>();

        Watcher(Selector selector) {
            this.selector = selector;
        }

        /** Has the watching thread look at it: it is new, or its channel is closed. */
        void look(Parked parked) {
            synchronized (IdleWatch.this) {
                if (!ended) {
                    changes.add(parked);
                    selector.wakeup();
                    return;
                }
            }
            run(parked);
        }

        @Override
        public void run() {
            try (selector) {
                try {
                    while (!isDone()) {
                        watch();
                    }
                } finally {
                    giveUp();
                }
            } catch (IOException e) {
                LOG.error("Idle connections can no longer be watched, and get threads of their own", e);
            }
        }

        private void watch() throws IOException {
            selector.select(key -> ready.add((Parked) key.attachment()));
            // By now the selector has forgotten the keys that were cancelled before: their channels may come back.
            takeChanges().forEach(this::change);
            ready.forEach(this::resume);
            ready.clear();
        }

        private List<Parked> takeChanges() {
            synchronized (IdleWatch.this) {
                List<Parked> taken = changes;
                changes = new ArrayList<>();
                return taken;
            }
        }

        private void change(Parked parked) {
            if (parked.key != null) {
                resume(parked);
                return;
            }
            try {
                parked.key = parked.channel.register(selector, SelectionKey.OP_READ, parked);
                watched++;
            } catch (ClosedChannelException | CancelledKeyException e) {
                run(parked);
            }
        }

        private void resume(Parked parked) {
            if (run(parked)) {
                parked.key.cancel();
                watched--;
            }
        }

        /**
         * @return false if it has run before
         */
        private boolean run(Parked parked) {
            if (!parked.done.compareAndSet(false, true)) {
                return false;
            }
            try {
                threads.execute(parked.task);
            } catch (RejectedExecutionException e) {
                LOG.debug("There are no threads any longer: the connection ends", e);
                closeAndRun(parked);
            }
            return true;
        }

        private void closeAndRun(Parked parked) {
            try {
                parked.channel.close();
            } catch (IOException e) {
                LOG.debug("Closing the connection failed", e);
            }
            parked.task.run();
        }

        /** An interrupt is how a pool ends its threads by force. */
        private boolean isDone() {
            synchronized (IdleWatch.this) {
                if (watched == 0 && changes.isEmpty() || Thread.currentThread().isInterrupted()) {
                    end();
                }
                return ended;
            }
        }

        private void end() {
            synchronized (IdleWatch.this) {
                ended = true;
                if (watcher == this) {
                    watcher = null;
                }
            }
        }

        /** Nobody is left without a thread, however the watching ends. */
        private void giveUp() {
            end();
            takeChanges().forEach(this::run);
            selector.keys().forEach(key -> run((Parked) key.attachment()));
        }
    }

    /** A connection that is watched, or was. */
    static final class Parked {

        private final Watcher watcher;
        private final SelectableChannel channel;
        private final Runnable task;
        private SelectionKey key; // belongs to the watching thread
        private final AtomicBoolean done = new AtomicBoolean();

        private Parked(Watcher watcher, SelectableChannel channel, Runnable task) {
            this.watcher = watcher;
            this.channel = channel;
            this.task = task;
        }

        /** Has the task run now, unless it has run. To be called once the channel is closed, which the watch ignores. */
        void wake() {
            if (!done.get()) {
                watcher.look(this);
            }
        }
    }
}
