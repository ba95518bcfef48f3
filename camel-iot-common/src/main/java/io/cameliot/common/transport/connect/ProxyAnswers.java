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
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponse;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;

/** Reads a proxy's answers before Netty's handler does, which tells a refusal as text only, and late. */
final class ProxyAnswers extends ChannelInboundHandlerAdapter {

    private final ProxyFailures failures;
    private final boolean hasUser;
    private final Consumer<Throwable> onRefusal;

    ProxyAnswers(ProxyFailures failures, boolean hasUser, Consumer<Throwable> onRefusal) {
        this.failures = failures;
        this.hasUser = hasUser;
        this.onRefusal = onRefusal;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Throwable refusal = refusal(message);
        if (refusal != null) {
            ReferenceCountUtil.release(message);
            onRefusal.accept(refusal);
        } else if (message instanceof HttpResponse answer) {
            // Any 2xx opens the tunnel, and has no body (RFC 9110, section 9.3.6). Netty's handler takes 200 only.
            ReferenceCountUtil.release(answer);
            context.fireChannelRead(new DefaultFullHttpResponse(answer.protocolVersion(), HttpResponseStatus.OK));
        } else {
            context.fireChannelRead(message);
        }
    }

    private Throwable refusal(Object message) {
        if (message instanceof DecoderResultProvider decoded
                && decoded.decoderResult().isFailure()) {
            return failures.isNone(decoded.decoderResult().cause());
        }
        if (message instanceof HttpResponse answer) {
            return answer.status().codeClass() == HttpStatusClass.SUCCESS ? null : failures.http(answer);
        }
        if (message instanceof Socks5InitialResponse greeting) {
            return isAcceptable(greeting.authMethod()) ? null : failures.socksMethod(greeting.authMethod());
        }
        if (message instanceof Socks5PasswordAuthResponse logIn) {
            return logIn.status().isSuccess() ? null : failures.socksLogIn(logIn.status());
        }
        if (message instanceof Socks5CommandResponse reply) {
            return reply.status().isSuccess() ? null : failures.socksReply(reply.status());
        }
        return null;
    }

    private boolean isAcceptable(Socks5AuthMethod method) {
        return method.equals(Socks5AuthMethod.NO_AUTH) || hasUser && method.equals(Socks5AuthMethod.PASSWORD);
    }
}
