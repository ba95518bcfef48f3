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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The request that upgrades a TLS connection to a WebSocket (RFC 6455, section 4.1). {@code Host} and the WebSocket's
 * own headers are added when it is sent.
 *
 * @param path path and query, sent byte for byte
 * @param headers further headers
 * @param subprotocol the offered subprotocol, which the server must accept, such as {@code mqtt}
 */
public record WebSocketUpgrade(String path, Map<String, String> headers, String subprotocol) {

    private static final List<String> RESERVED = List.of("host", "upgrade", "connection", "content-length");

    /**
     * Checks the request.
     *
     * @throws IllegalArgumentException if HTTP does not allow a part of it, or if a header is added automatically; the
     *     message names the header but not its value
     */
    public WebSocketUpgrade {
        if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(
                    "The WebSocket path must begin with / and hold neither spaces nor characters beyond ASCII");
        }
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (RESERVED.contains(lower) || lower.startsWith("sec-websocket-")) {
                throw new IllegalArgumentException("The WebSocket header " + name + " cannot be set");
            }
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")
                    || value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F)) {
                throw new IllegalArgumentException("The WebSocket header '" + name.replaceAll("\\s", " ")
                        + "' has a name that HTTP does not allow, or control characters in its value");
            }
        });
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The path for messages. The query can contain a signature. */
    String pathWithoutQuery() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** Omits query and header values, which can contain credentials. */
    @Override
    public String toString() {
        return "WebSocketUpgrade[" + path.replaceFirst("\\?.*", "?…") + ", headers=" + headers.keySet() + "]";
    }
}
