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

import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.ProxyAddress.Scheme;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.TlsTarget;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandResponse;
import io.netty.handler.codec.socksx.v5.Socks5InitialResponse;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthResponse;
import java.util.List;
import java.util.Locale;

/** Explains a forward proxy's refusal. */
final class ProxyFailures {

    private final TlsTarget target;
    private final ProxyAddress proxy;
    private final HostAndPort destination;

    ProxyFailures(TlsTarget target) {
        this.target = target;
        this.proxy = target.address().proxy();
        this.destination = target.address().destination();
    }

    /** The reason why one of the proxy's answers refuses the tunnel; null if it does not. */
    TlsConnectException refusal(Object answer) {
        if (answer instanceof DecoderResultProvider decoded
                && decoded.decoderResult().isFailure()) {
            return isNone(decoded.decoderResult().cause());
        }
        if (answer instanceof HttpResponse http) {
            return http.status().codeClass() == HttpStatusClass.SUCCESS ? null : http(http);
        }
        if (answer instanceof Socks5InitialResponse greeting) {
            return isAcceptable(greeting.authMethod()) ? null : socksMethod(greeting.authMethod());
        }
        if (answer instanceof Socks5PasswordAuthResponse logIn) {
            return logIn.status().isSuccess()
                    ? null
                    : wantsUser("SOCKS 5 log-in status " + (logIn.status().byteValue() & 0xFF));
        }
        if (answer instanceof Socks5CommandResponse reply) {
            return reply.status().isSuccess() ? null : socksReply(reply.status().byteValue() & 0xFF);
        }
        return null;
    }

    private boolean isAcceptable(Socks5AuthMethod method) {
        return method.equals(Socks5AuthMethod.NO_AUTH) || proxy.hasUser() && method.equals(Socks5AuthMethod.PASSWORD);
    }

    private TlsConnectException http(HttpResponse answer) {
        int status = answer.status().code();
        String shown = "HTTP status " + answer.status().toString().strip();
        return switch (status) {
            case 407 ->
                offersBasic(answer)
                        ? wantsUser(shown)
                        : target.cannotConnect(
                                Reason.PROXY_REFUSED,
                                "the proxy offers no Basic authentication, the only one that is supported (" + shown
                                        + ")",
                                null);
            case 502, 503, 504 -> cannotReach(shown);
            default ->
                status == 429 || status >= 500
                        ? target.cannotConnect(Reason.UNAVAILABLE, "the proxy cannot serve now (" + shown + ")", null)
                        : forbids(shown);
        };
    }

    private static boolean offersBasic(HttpResponse answer) {
        List<String> challenges = answer.headers().getAll(HttpHeaderNames.PROXY_AUTHENTICATE);
        return challenges.isEmpty()
                || challenges.stream()
                        .anyMatch(
                                challenge -> challenge.toLowerCase(Locale.ROOT).contains("basic"));
    }

    private TlsConnectException socksMethod(Socks5AuthMethod method) {
        return wantsUser(
                method.equals(Socks5AuthMethod.PASSWORD)
                        ? "user name and password"
                        : "no acceptable authentication method");
    }

    private TlsConnectException socksReply(int reply) {
        String status = "SOCKS 5 reply " + reply;
        return switch (reply) {
            case 1 -> cannotReach(status + ": general failure");
            case 2 -> forbids(status + ": not allowed by ruleset");
            case 3 -> cannotReach(status + ": network unreachable");
            case 4 -> cannotReach(status + ": host unreachable");
            case 5 -> cannotReach(status + ": connection refused");
            case 6 -> cannotReach(status + ": TTL expired");
            case 7 ->
                target.cannotConnect(Reason.NO_COMMON_PROTOCOL, "the proxy takes no CONNECT (" + status + ")", null);
            case 8 ->
                target.cannotConnect(
                        Reason.NO_COMMON_PROTOCOL,
                        "the proxy does not know the kind of address of " + destination + " (" + status + ")",
                        null);
            default -> cannotReach(status);
        };
    }

    private TlsConnectException wantsUser(String answer) {
        ConnectFault fault = proxy.hasUser() ? ConnectFault.PROXY_REFUSES_LOGIN : ConnectFault.PROXY_WANTS_LOGIN;
        String advice = target.advice(fault);
        return target.cannotConnect(
                fault.reason(),
                proxy.hasUser()
                        ? "the proxy does not accept the user name and password" + advice + " (" + answer + ")"
                        : "the proxy wants a user name and a password (" + answer + ")" + advice,
                null);
    }

    private TlsConnectException forbids(String answer) {
        return target.cannotConnect(
                ConnectFault.PROXY_FORBIDS,
                "the proxy refuses to connect to " + destination + " (" + answer + ")",
                null);
    }

    private TlsConnectException cannotReach(String answer) {
        return target.cannotConnect(
                ConnectFault.PROXY_CANNOT_REACH, "the proxy cannot reach " + destination + " (" + answer + ")", null);
    }

    TlsConnectException isNone(Throwable failure) {
        return target.cannotConnect(
                ConnectFault.NO_PROXY,
                "what listens there is no " + (proxy.scheme() == Scheme.HTTP ? "HTTP" : "SOCKS 5") + " proxy",
                failure);
    }

    TlsConnectException closed(Throwable failure) {
        return target.cannotConnect(
                ConnectFault.PROXY_CLOSED, "the proxy closed the connection instead of opening a tunnel", failure);
    }
}
