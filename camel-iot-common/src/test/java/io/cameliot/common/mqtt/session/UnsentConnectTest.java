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
package io.cameliot.common.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.connect.LeakCheck;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class UnsentConnectTest {

    /** Without it no CONNACK would come, and the error would be that of a server that does not answer. */
    @Test
    void failsAtOnceWhereTheConnectCannotBeEncoded() {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object packet, ChannelPromise written) {
                ReferenceCountUtil.release(packet);
                written.setFailure(new EncoderException("no such flag"));
            }
        });

        assertThat(EmbeddedSession.unconnected().start(channel.pipeline(), TimeUnit.MINUTES.toNanos(1)))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(TlsConnectException.class)
                .withMessageContaining("cannot be sent the CONNECT: no such flag");
        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }
}
