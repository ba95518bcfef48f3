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

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.EOFException;
import java.util.function.Consumer;

/** The end of the pipeline during an attempt: what no stage has told is told here. */
final class AttemptFailureHandler extends ChannelInboundHandlerAdapter {

    private final AttemptRecorder recorder;
    private final Consumer<Throwable> onFailure;

    AttemptFailureHandler(AttemptRecorder recorder, Consumer<Throwable> onFailure) {
        this.recorder = recorder;
        this.onFailure = onFailure;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        onFailure.accept(
                recorder.writeFailure() == null
                        ? new EOFException("The connection was closed")
                        : recorder.writeFailure());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        onFailure.accept(failure);
    }
}
