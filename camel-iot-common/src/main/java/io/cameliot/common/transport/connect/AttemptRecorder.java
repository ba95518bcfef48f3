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

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Knows what went over the wire during an attempt, which tells failures apart that look alike above, and keeps a write
 * that fails from ending the attempt: a server that refuses, say, a client certificate sends an alert and closes, and only
 * a read finds the alert.
 */
final class AttemptRecorder extends ChannelDuplexHandler {

    private boolean spoke;
    private int flights;
    private Throwable writeFailure;

    /** Starts over: what follows is said to another peer. */
    void begin() {
        spoke = false;
        flights = 0;
    }

    /** How often this side spoke and then got an answer. */
    int flights() {
        return flights;
    }

    /** The first write that failed; null for none. */
    Throwable writeFailure() {
        return writeFailure;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (spoke) {
            spoke = false;
            flights++;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        spoke = true;
        context.write(message).addListener(written -> {
            if (!written.isSuccess() && writeFailure == null) {
                writeFailure = written.cause();
            }
            promise.trySuccess();
        });
    }
}
