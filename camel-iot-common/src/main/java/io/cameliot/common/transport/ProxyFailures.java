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
package io.cameliot.common.transport;

import io.cameliot.common.tls.HostAndPort;
import io.cameliot.common.tls.ProxyAddress;
import io.cameliot.common.tls.ProxyAddress.Scheme;
import io.cameliot.common.tls.TlsConnectException;
import io.cameliot.common.tls.TlsConnectException.Reason;
import io.cameliot.common.tls.TlsTarget;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts a forward proxy's refusal into words that name the option to mend. Netty tells it as text only. */
final class ProxyFailures {

    private static final Pattern HTTP_STATUS = Pattern.compile(", status: ((\\d{3}).*)$", Pattern.DOTALL);
    private static final Pattern SOCKS_REPLY = Pattern.compile(", status: \\w+\\((\\d+)\\)$");
    private static final Pattern SOCKS_METHOD = Pattern.compile(", unexpected authMethod: (\\w+)\\((\\d+)\\)$");
    private static final Pattern SOCKS_LOG_IN = Pattern.compile(", authStatus: \\w+\\((\\d+)\\)$");

    private final TlsTarget target;
    private final ProxyAddress proxy;
    private final HostAndPort destination;

    ProxyFailures(TlsTarget target) {
        this.target = target;
        this.proxy = target.proxy();
        this.destination = target.destination();
    }

    /**
     * @param speaksProtocol whether the proxy's answer began as one of its protocol does
     */
    Throwable explain(Throwable failure, boolean speaksProtocol) {
        String text = String.valueOf(failure.getMessage());
        if (!speaksProtocol) {
            return isNone(failure);
        }
        if (text.endsWith(", timeout")) {
            return new SocketTimeoutException("The proxy does not answer");
        }
        Matcher status = HTTP_STATUS.matcher(text);
        if (proxy.scheme() == Scheme.HTTP && status.find()) {
            return http(
                    Integer.parseInt(status.group(2)),
                    "HTTP status " + status.group(1).strip(),
                    failure);
        }
        return proxy.scheme() == Scheme.SOCKS5 ? socks(text, failure) : closed(failure);
    }

    private TlsConnectException http(int status, String shown, Throwable failure) {
        return switch (status) {
            case 407 ->
                offersBasic(failure)
                        ? wantsUser(shown)
                        : failure(
                                Reason.PROXY_REFUSED,
                                "the proxy offers no Basic authentication, the only one that is supported (" + shown
                                        + ")");
            case 502, 503, 504 -> cannotReach(shown);
            case 999 -> isNone(failure);
            default ->
                status == 429 || status >= 500
                        ? failure(Reason.UNAVAILABLE, "the proxy cannot serve now (" + shown + ")")
                        : forbids(shown);
        };
    }

    private static boolean offersBasic(Throwable failure) {
        HttpHeaders headers = failure instanceof HttpProxyConnectException refusal ? refusal.headers() : null;
        List<String> challenges = headers == null ? List.of() : headers.getAll(HttpHeaderNames.PROXY_AUTHENTICATE);
        return challenges.isEmpty()
                || challenges.stream()
                        .anyMatch(
                                challenge -> challenge.toLowerCase(Locale.ROOT).contains("basic"));
    }

    private TlsConnectException socks(String text, Throwable failure) {
        Matcher method = SOCKS_METHOD.matcher(text);
        if (method.find()) {
            return wantsUser(
                    method.group(2).equals("2") ? "user name and password" : "no acceptable authentication method");
        }
        Matcher logIn = SOCKS_LOG_IN.matcher(text);
        if (logIn.find()) {
            return wantsUser("SOCKS 5 log-in status " + logIn.group(1));
        }
        Matcher reply = SOCKS_REPLY.matcher(text);
        return reply.find() ? socksReply(Integer.parseInt(reply.group(1))) : closed(failure);
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
            case 7 -> failure(Reason.NO_COMMON_PROTOCOL, "the proxy takes no CONNECT (" + status + ")");
            case 8 ->
                failure(
                        Reason.NO_COMMON_PROTOCOL,
                        "the proxy does not know the kind of address of " + destination + " (" + status + ")");
            default -> cannotReach(status);
        };
    }

    private TlsConnectException wantsUser(String answer) {
        return failure(
                Reason.PROXY_REFUSED,
                proxy.hasUser()
                        ? "the proxy does not accept the user name and password of option proxy (" + answer + ")"
                        : "the proxy wants a user name and a password (" + answer + "): give option proxy as "
                                + proxy.scheme() + "://user:password@" + proxy.address());
    }

    private TlsConnectException forbids(String answer) {
        return failure(
                Reason.PROXY_REFUSED,
                "the proxy refuses to connect to " + destination + " (" + answer
                        + "): have it allow that address, or check option " + target.destinationOption());
    }

    private TlsConnectException cannotReach(String answer) {
        return failure(
                Reason.UNREACHABLE,
                "the proxy cannot reach " + destination + " (" + answer + "): check option "
                        + target.destinationOption() + " and the port, and the proxy's DNS and network");
    }

    private TlsConnectException isNone(Throwable failure) {
        return new TlsConnectException(
                Reason.NO_COMMON_PROTOCOL,
                message("what listens there is no " + (proxy.scheme() == Scheme.HTTP ? "HTTP" : "SOCKS 5")
                        + " proxy: check scheme, host and port of option proxy"),
                failure);
    }

    private TlsConnectException closed(Throwable failure) {
        return new TlsConnectException(
                Reason.CONNECTION_LOST,
                message("the proxy closed the connection instead of opening a tunnel: check option proxy"),
                failure);
    }

    /** Netty's exception adds nothing but addresses. */
    private TlsConnectException failure(Reason reason, String what) {
        return new TlsConnectException(reason, message(what), null);
    }

    private String message(String what) {
        return "Cannot connect to " + target + ": " + what;
    }
}
