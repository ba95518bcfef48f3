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
 * Records the traffic of a connection attempt, to tell apart failures that look alike to the other handlers. It also
 * prevents a failed write from ending the attempt: a server that refuses a client certificate, for example, sends an
 * alert and closes the connection, and only a read finds the alert.
 */
final class AttemptRecorder extends ChannelDuplexHandler {

    private boolean spoke;
    private int flights;
    private Throwable writeFailure;

    /** Starts again, because the traffic from now on goes to another peer. */
    void begin() {
        spoke = false;
        flights = 0;
    }

    /** The number of times that this side sent something and then received an answer. */
    int flights() {
        return flights;
    }

    /** The cause of the first failed write; null for none. */
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
