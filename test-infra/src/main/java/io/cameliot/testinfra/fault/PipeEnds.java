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
package io.cameliot.testinfra.fault;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** The handler of one side's channel, at which one pipe begins and the other ends. */
final class PipeEnds extends ChannelInboundHandlerAdapter {

    private final ProxiedConnection connection;
    private final Pipe from;
    private final Pipe to;

    PipeEnds(ProxiedConnection connection, Pipe from, Pipe to) {
        this.connection = connection;
        this.from = from;
        this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        from.receive((ByteBuf) bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        from.drain();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        to.drain();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.ended(context.channel(), from, Pipe.End.FIN);
        }
    }

    /** A read has failed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        connection.ended(context.channel(), from, Pipe.End.RESET);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        to.discard();
        connection.ended(context.channel(), from, Pipe.End.RESET);
    }
}
