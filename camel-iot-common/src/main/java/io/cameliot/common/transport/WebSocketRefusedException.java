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
 * status, except 401 and 403: their meaning depends on the service, and the component's {@link ConnectAdvice} adds it.
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
                fault(answer.status().code()).reason(),
                target + " refused the WebSocket upgrade with HTTP status "
                        + (answer.status().code() + " "
                                        + ForeignText.shown(answer.status().reasonPhrase()))
                                .strip()
                        + excerpt(body) + meaning(target, answer)
                        + target.advice(fault(answer.status().code())),
                null);
        this.status = answer.status().code();
        this.headers = answer.headers();
        this.body = body;
    }

    private static ConnectFault fault(int status) {
        return switch (status) {
            case 401, 403 -> ConnectFault.UPGRADE_NOT_AUTHORIZED;
            case 404 -> ConnectFault.UPGRADE_NOT_FOUND;
            case 407 -> ConnectFault.UPGRADE_WANTS_PROXY_LOGIN;
            case 429 -> ConnectFault.UPGRADE_UNAVAILABLE;
            default ->
                status >= 500
                        ? ConnectFault.UPGRADE_UNAVAILABLE
                        : status / 100 == 3 ? ConnectFault.UPGRADE_REDIRECTED : ConnectFault.UPGRADE_NOT_UNDERSTOOD;
        };
    }

    private static String excerpt(String body) {
        return body.isBlank() ? "" : ": " + ForeignText.shown(body.strip());
    }

    private static String meaning(TlsTarget target, HttpResponse answer) {
        int status = answer.status().code();
        return switch (fault(status)) {
            case UPGRADE_NOT_FOUND ->
                ": it has no WebSocket at path " + target.webSocket().pathWithoutQuery();
            case UPGRADE_WANTS_PROXY_LOGIN -> ": a proxy in between wants a user name and a password";
            case UPGRADE_REDIRECTED -> ": something in between redirects" + location(answer);
            case UPGRADE_UNAVAILABLE ->
                status == 429
                        ? ": it takes no more requests for now"
                        : ": the server, or a proxy in between, cannot serve now";
            case UPGRADE_NOT_UNDERSTOOD ->
                ": the server, or a proxy in between, takes the request for no WebSocket upgrade";
            default -> "";
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
