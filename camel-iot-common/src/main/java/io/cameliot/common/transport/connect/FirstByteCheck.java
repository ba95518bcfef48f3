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

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Detects a peer that speaks another protocol by its first byte. Netty's HTTP decoder would skip that byte and wait.
 */
final class FirstByteCheck extends ChannelInboundHandlerAdapter {

    private final int expected;
    private final Runnable onOther;

    FirstByteCheck(int expected, Runnable onOther) {
        this.expected = expected;
        this.onOther = onOther;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            if (bytes.getUnsignedByte(bytes.readerIndex()) != expected) {
                ReferenceCountUtil.release(message);
                onOther.run();
                return;
            }
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }
}
