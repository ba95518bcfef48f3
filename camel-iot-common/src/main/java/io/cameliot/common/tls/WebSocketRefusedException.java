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
package io.cameliot.common.tls;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The server answered the WebSocket upgrade with an HTTP status other than 101. Its reason is
 * {@link TlsConnectException.Reason#UNAVAILABLE} for the statuses 429 and 5xx, and
 * {@link TlsConnectException.Reason#UPGRADE_REFUSED} for all others.
 */
public class WebSocketRefusedException extends TlsConnectException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, List<String>> headers;
    private final String body;

    /**
     * @param status the HTTP status code
     * @param headers the answer's headers, by name in any case
     * @param body the beginning of the answer's body
     */
    public WebSocketRefusedException(String message, int status, Map<String, List<String>> headers, String body) {
        super(status == 429 || status >= 500 ? Reason.UNAVAILABLE : Reason.UPGRADE_REFUSED, message, null);
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** The HTTP status code. */
    public int getStatus() {
        return status;
    }

    /** The answer's headers by name, in any case. */
    public Map<String, List<String>> getHeaders() {
        return headers == null ? Map.of() : headers;
    }

    /**
     * The first value of a header, such as {@code Date}.
     *
     * @param name in any case
     */
    public Optional<String> header(String name) {
        return getHeaders().getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The beginning of the answer's body, at most 4 KB, read as UTF-8. */
    public String getBody() {
        return body;
    }
}
