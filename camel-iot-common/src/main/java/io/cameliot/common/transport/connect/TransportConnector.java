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
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Opens connections: dials, opens a tunnel through a forward proxy if there is one, performs the TLS handshake,
 * upgrades to a WebSocket if requested, and hands the connection to the application protocol. The channel's pipeline
 * has these stages in the same order.
 */
public final class TransportConnector {

    private final EventLoopGroup eventLoops;
    private final Executor workers;

    /**
     * Creates a connector.
     *
     * @param eventLoops run the connections
     * @param workers run what may block or take long: name resolution, certificate checks, signatures of client keys
     */
    public TransportConnector(EventLoopGroup eventLoops, Executor workers) {
        this.eventLoops = eventLoops;
        this.workers = workers;
    }

    /**
     * Opens a connection. The application receives and sends {@code ByteBuf}s; over a WebSocket they are the content of
     * its binary messages.
     *
     * @param application adds the handlers of the application protocol to the end of the pipeline; called on the event
     *     loop of the connection before any application data arrives
     * @return completes with the connection, or fails with {@link TlsConnectException} after
     *     {@link TlsTarget#timeout()} at the latest; completing or cancelling it early ends the attempt at once
     */
    public CompletableFuture<Channel> connect(TlsTarget target, Consumer<ChannelPipeline> application) {
        CompletableFuture<Channel> connected = new CompletableFuture<>();
        new ConnectionAttempt(target, eventLoops.next(), workers, application, connected).start();
        return connected;
    }

    /** Closes a connection at once, without the closing messages of TLS and WebSocket. Thread-safe. */
    public static void abort(Channel channel) {
        // Start at the handler next to the network, so that neither TLS nor the WebSocket takes part.
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }
}
