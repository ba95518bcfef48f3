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

import static io.cameliot.common.mqtt.session.Sessions.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.cameliot.common.mqtt.codec.PacketWriter;
import io.cameliot.common.transport.connect.LeakCheck;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@Timeout(60)
@ExtendWith(LeakCheck.class)
class OutgoingQueueTest {

    private static final int THREADS = 4;

    @Test
    void writesWaitingPacketsWithOneFlushAndInFewBuffers() {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");
        AtomicInteger flushes = countFlushes(embedded.channel);
        for (int i = 0; i < 100; i++) {
            embedded.session.publish(message("a/b", new byte[256], 0, false), false, failure -> {});
        }
        assertThat(flushes).hasValue(0);

        List<byte[]> buffers = embedded.sentBuffers();

        assertThat(flushes).hasValue(1);
        // The number of TLS records needed.
        assertThat(buffers).hasSize(2).allMatch(buffer -> buffer.length <= 16_384);
        embedded.close();
    }

    @Test
    void writesALonePacketAtOnce() {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");
        AtomicInteger flushes = countFlushes(embedded.channel);

        embedded.session.publish(message("a/b", new byte[1], 0, false), false, failure -> {});
        assertThat(embedded.sentBuffers()).hasSize(1);
        embedded.session.publish(message("a/b", new byte[1], 0, false), false, failure -> {});
        assertThat(embedded.sentBuffers()).hasSize(1);

        assertThat(flushes).hasValue(2);
        embedded.close();
    }

    @Test
    void writesAcknowledgementsThatMayWaitTogether() {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");
        embedded.channel.freezeTime();
        for (int id = 1; id <= 3; id++) {
            embedded.receive(String.format("3206 0001 61 %04x 00", id));
        }

        embedded.messages.get(0).acknowledge(true);
        embedded.messages.get(1).acknowledge(true);
        assertThat(embedded.sentBuffers()).isEmpty();
        embedded.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        embedded.run();
        assertThat(embedded.sentBytes()).isEqualTo(new byte[] {0x40, 2, 0, 1, 0x40, 2, 0, 2});
        embedded.messages.get(2).acknowledge();
        assertThat(embedded.sentBytes()).isEqualTo(new byte[] {0x40, 2, 0, 3});

        embedded.close();
    }

    @Test
    void waitsAndCountsItsBytesWhileThePeerDoesNotRead() {
        EmbeddedSession embedded = EmbeddedSession.connectedV5("");
        embedded.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        List<IOException> outcomes = new ArrayList<>();
        embedded.session.publish(message("a/b", new byte[10], 0, false), false, outcomes::add);
        int tried = 0;
        while (tried < 1_000 && embedded.session.tryEnqueue(message("a/b", new byte[1_024], 0, false))) {
            tried++;
        }
        assertThat(embedded.sentBuffers()).isEmpty();
        assertThat(outcomes).isEmpty();
        assertThat(tried).isBetween(400, 520);

        embedded.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);

        assertThat(embedded.sentBytes()).hasSizeGreaterThan(tried * 1_024);
        assertThat(outcomes).containsExactly((IOException) null);
        assertThat(embedded.session.tryEnqueue(message("a/b", new byte[1_024], 0, false)))
                .isTrue();
        embedded.close();
    }

    /** If an exception stopped the queue's loop, no packet would get a result. */
    @Test
    void failsEveryPacketWhenOneCannotBeWritten() {
        OutgoingQueue queue = new OutgoingQueue();
        EmbeddedChannel channel = new EmbeddedChannel();
        List<String> outcomes = new ArrayList<>();
        queue.add(packet(
                () -> {
                    throw new OutOfMemoryError("of the test");
                },
                outcomes));
        queue.add(packet(() -> outcomes.add("written"), outcomes));

        queue.open(channel, null, null);
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0)).contains("of the test");
        queue.end(new IOException("the end"));

        assertThat(outcomes).hasSize(2).endsWith("the end");
        assertThat(catchThrowable(channel::checkException)).hasMessageContaining("could not be written");
    }

    private static OutgoingPacket packet(Runnable write, List<String> outcomes) {
        return new OutgoingPacket() {
            @Override
            public int size() {
                return 1;
            }

            @Override
            public void write(SessionState session, PacketWriter writer) {
                write.run();
            }

            @Override
            public void fail(IOException reason) {
                outcomes.add(reason.getMessage());
            }
        };
    }

    /** Each message has one result, whenever and however the connection ends. */
    @RepeatedTest(9)
    void reportsEachMessageWhenTheConnectionEndsWhileManyThreadsPublish(RepetitionInfo repetition) throws Exception {
        int each = 1_000;
        AtomicIntegerArray outcomes = new AtomicIntegerArray(THREADS * each);
        CountDownLatch midway = new CountDownLatch(each);
        EventLoopGroup loops = new DefaultEventLoopGroup(2);
        ExecutorService publishers = Executors.newFixedThreadPool(THREADS);
        try {
            BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
            MqttSession session = connect(loops, accepted);
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread * each;
                publishers.execute(() -> {
                    for (int i = first; i < first + each; i++) {
                        int number = i;
                        session.publish(
                                message("a/b", new byte[1], i % 2, false),
                                false,
                                failure -> outcomes.incrementAndGet(number));
                        midway.countDown();
                    }
                });
            }
            midway.await();
            switch (repetition.getCurrentRepetition() % 3) {
                case 0 -> accepted.take().close();
                case 1 -> accepted.take().writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) 0xE0, 0}));
                default -> session.disconnect(Duration.ofSeconds(20));
            }
            publishers.shutdown();
            assertThat(publishers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

            await().untilAsserted(() -> {
                for (int i = 0; i < outcomes.length(); i++) {
                    assertThat(outcomes.get(i)).as("outcomes of message %d", i).isEqualTo(1);
                }
            });
        } finally {
            publishers.shutdownNow();
            loops.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static MqttSession connect(EventLoopGroup loops, BlockingQueue<Channel> accepted) throws Exception {
        LocalAddress address = new LocalAddress(OutgoingQueueTest.class);
        new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext context) {
                        accepted.add(context.channel());
                        context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {0x20, 3, 0, 0, 0}));
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext context, Object bytes) {
                        ReferenceCountUtil.release(bytes);
                    }
                })
                .bind(address)
                .sync();
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(LocalChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync()
                .channel();
        return channel.eventLoop()
                .submit(() -> {
                    MqttSession session = EmbeddedSession.unconnected();
                    session.start(channel.pipeline(), Duration.ofSeconds(20).toNanos());
                    channel.config().setAutoRead(true);
                    return session;
                })
                .get();
    }

    private static AtomicInteger countFlushes(EmbeddedChannel channel) {
        AtomicInteger flushes = new AtomicInteger();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                flushes.incrementAndGet();
                context.flush();
            }
        });
        return flushes;
    }
}
