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

import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsTarget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Opens connections: dials, has a forward proxy open a tunnel where there is one, shakes hands by TLS, upgrades to a
 * WebSocket where asked, and hands the connection to the application protocol. These are the stages of the channel's
 * pipeline, in this order.
 */
public final class TransportConnector {

    private final EventLoopGroup eventLoops;
    private final Executor workers;

    /**
     * @param eventLoops run the connections
     * @param workers run what may block or take long: name resolution, checks of certificates, signatures of client keys
     */
    public TransportConnector(EventLoopGroup eventLoops, Executor workers) {
        this.eventLoops = eventLoops;
        this.workers = workers;
    }

    /**
     * Connects. What the application receives and sends are {@code ByteBuf}s, of a WebSocket the content of its binary
     * messages.
     *
     * @param application adds the handlers of the application protocol to the end of the pipeline; called on the event
     *     loop of the connection before anything of the application's arrives
     * @return completes with the connection, or fails with {@link TlsConnectException} after {@link TlsTarget#timeout()}
     *     at the latest; whoever completes or cancels it first ends the attempt at once
     */
    public CompletableFuture<Channel> connect(TlsTarget target, Consumer<ChannelPipeline> application) {
        CompletableFuture<Channel> connected = new CompletableFuture<>();
        new ConnectionAttempt(target, eventLoops.next(), workers, application, connected).start();
        return connected;
    }

    /** Closes a connection without a word to the server, so that nothing has to be written first. From any thread. */
    public static void abort(Channel channel) {
        // From the first handler towards the network: neither TLS nor the WebSocket takes part.
        if (channel.pipeline().firstContext() == null) {
            channel.close();
        } else {
            channel.pipeline().firstContext().close();
        }
    }
}
