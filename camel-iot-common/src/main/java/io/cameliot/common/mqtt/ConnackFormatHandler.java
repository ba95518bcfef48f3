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

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Recognises the CONNACK of a server that does not know MQTT 5: it has two bytes after its header, and no property length
 * for which a decoder would wait for ever (MQTT 5 section 3.2, MQTT 3.1.1 section 3.1.2.2).
 */
final class ConnackFormatHandler extends ChannelInboundHandlerAdapter {

    private static final byte[] OLD_FORMAT = {0x20, 0x02};
    private static final int LENGTH = 4;

    private final byte[] start = new byte[LENGTH];
    private final MqttFailures failures;
    private int count;

    ConnackFormatHandler(MqttFailures failures) {
        this.failures = failures;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        for (int i = 0; i < bytes.readableBytes() && count < LENGTH; i++) {
            start[count++] = bytes.getByte(bytes.readerIndex() + i);
        }
        if (count == LENGTH && start[0] == OLD_FORMAT[0] && start[1] == OLD_FORMAT[1]) {
            ReferenceCountUtil.release(message);
            context.fireExceptionCaught(failures.onlyKnows311(start[LENGTH - 1] & 0xFF));
            return;
        }
        if (count == LENGTH) {
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }
}
