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

import io.cameliot.common.text.ForeignText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Optional;

/**
 * The server, or a proxy in between, answered the WebSocket upgrade with an HTTP status other than 101. The reason is
 * {@link TlsConnectException.Reason#UNAVAILABLE} for the statuses 429 and 5xx, and
 * {@link TlsConnectException.Reason#UPGRADE_REFUSED} for all others. The message shows the answer and explains the
 * status, except 401 and 403: their meaning depends on the service, whose component adds it.
 */
public class WebSocketRefusedException extends TlsConnectException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient HttpHeaders headers;
    private final String body;

    /**
     * Creates an exception.
     *
     * @param body the beginning of the answer's body, possibly empty
     */
    public WebSocketRefusedException(TlsTarget target, HttpResponse answer, String body) {
        super(
                isPassing(answer.status().code()) ? Reason.UNAVAILABLE : Reason.UPGRADE_REFUSED,
                target + " refused the WebSocket upgrade with HTTP status "
                        + (answer.status().code() + " "
                                        + ForeignText.shown(answer.status().reasonPhrase()))
                                .strip()
                        + excerpt(body) + advice(target, answer),
                null);
        this.status = answer.status().code();
        this.headers = answer.headers();
        this.body = body;
    }

    private static boolean isPassing(int status) {
        return status == 429 || status >= 500;
    }

    private static String excerpt(String body) {
        return body.isBlank() ? "" : ": " + ForeignText.shown(body.strip());
    }

    private static String advice(TlsTarget target, HttpResponse answer) {
        String host = target.hostOption();
        int status = answer.status().code();
        return switch (status) {
            case 401, 403 -> "";
            case 404 ->
                ": it has no WebSocket at path " + target.webSocket().pathWithoutQuery() + ": check option " + host;
            case 407 ->
                ": a proxy in between wants a user name and a password: give them with option proxy, or have the proxy"
                        + " let connections to " + target.host() + " through without";
            case 429 -> ": it takes no more requests for now: a later attempt can succeed";
            default -> adviceByClass(host, answer);
        };
    }

    private static String adviceByClass(String host, HttpResponse answer) {
        return switch (answer.status().code() / 100) {
            case 3 ->
                ": something in between redirects" + location(answer) + ", such as the log-in page of a network, or"
                        + " option " + host + " names another server: log in to the network or set option proxy, and"
                        + " check option " + host;
            case 5 -> ": the server, or a proxy in between, cannot serve now: a later attempt can succeed";
            default ->
                ": the server, or a proxy in between, takes the request for no WebSocket upgrade: check option " + host
                        + ", and that every proxy on the way lets WebSockets through";
        };
    }

    private static String location(HttpResponse answer) {
        String location = answer.headers().get(HttpHeaderNames.LOCATION);
        return location == null ? "" : " to " + ForeignText.shown(location);
    }

    /** The HTTP status code. */
    public int getStatus() {
        return status;
    }

    /**
     * The first value of a header, such as {@code Date}.
     *
     * @param name not case-sensitive
     */
    public Optional<String> header(String name) {
        return headers == null ? Optional.empty() : Optional.ofNullable(headers.get(name));
    }

    /** The beginning of the answer's body, at most 4 KB, decoded as UTF-8. */
    public String getBody() {
        return body;
    }
}
