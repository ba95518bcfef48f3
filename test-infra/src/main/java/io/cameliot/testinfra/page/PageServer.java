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
package io.cameliot.testinfra.page;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.net.LoopbackServer;
import io.cameliot.testinfra.net.Pipelines;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the page of two emulators on {@code 127.0.0.1}. Whoever has the {@link #url() URL} may look and act.
 * <pre>{@code
 * try (PageServer page = new PageServer(aws, dps, log).start(0)) {
 *     System.out.println(page.url());
 * }
 * }</pre>
 */
public final class PageServer implements AutoCloseable {
    private static final int THREADS = 2;
    /** Bytes. More than the largest payload in hexadecimal digits. */
    private static final int MAX_BODY_BYTES = 300 * 1024;

    private static final long STOP_TIMEOUT_SECONDS = 5;

    private final PageApi api;
    private final EventLog log;
    private final PageGuard guard = new PageGuard();
    private LoopbackServer server;
    private EventExecutorGroup workers;
    private int port;

    /**
     * Creates a server that does not listen yet.
     *
     * @param aws the emulator of AWS IoT Core, started
     * @param dps the emulator of Azure DPS, started
     * @param log the log that both were given
     */
    public PageServer(AwsIotEmulator aws, DpsEmulator dps, EventLog log) {
        this.api = new PageApi(aws, dps, log);
        this.log = log;
    }

    /**
     * Starts to listen.
     *
     * @param number the port, 0 for a free one
     * @return this
     * @throws java.io.UncheckedIOException if the port is in use; nothing stays open then
     */
    public synchronized PageServer start(int number) {
        server = new LoopbackServer("emulator-page", false);
        workers = new DefaultEventExecutorGroup(THREADS, new DefaultThreadFactory("emulator-page-api", true));
        StaticFiles files = new StaticFiles();
        AtomicInteger streams = new AtomicInteger();
        try {
            port = server.bind(number, new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    Pipelines.addHttp(channel.pipeline(), MAX_BODY_BYTES);
                    channel.pipeline()
                            .addLast(workers, new PageHandler(new PageHandler.Shared(guard, files, api, log, streams)));
                }
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        return this;
    }

    /**
     * Returns the address of the page, with the token in its fragment, which browsers send to nobody.
     *
     * @return such as {@code http://127.0.0.1:40123/#token=…}
     */
    public String url() {
        return "http://127.0.0.1:" + port + "/#token=" + guard.token();
    }

    /** Stops listening. The threads have ended and the port is free when this method returns. */
    @Override
    public synchronized void close() {
        if (server != null) {
            server.unbind(); // the workers end before the event loops, which they hand their last events to
            workers.shutdownGracefully(0, STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .awaitUninterruptibly(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            server.close();
            server = null;
        }
    }
}
