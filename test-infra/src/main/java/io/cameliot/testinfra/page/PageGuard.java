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
package io.cameliot.testinfra.page;

import io.cameliot.testinfra.net.HttpReply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lets in who has the token, and no page of another origin. The host name is checked, so that no name that leads to
 * loopback (DNS rebinding) makes another page the same origin. The token is a header and no cookie: a browser sends it
 * only for the page itself, and other servers on this machine do not get it.
 */
final class PageGuard {
    private static final int TOKEN_BYTES = 24;
    private static final String BEARER = "Bearer ";
    /** Only what comes from this server runs, and nobody may frame it. */
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final String token = newToken();

    /** The token that the user of the page has. */
    String token() {
        return token;
    }

    private static String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Checks where a request comes from.
     *
     * @param port the port on which it came
     * @return the refusal, or empty
     */
    Optional<HttpReply> refuseOrigin(HttpRequest request, int port) {
        List<String> hosts = Stream.of("127.0.0.1", "localhost", "[::1]")
                .map(name -> name + ":" + port)
                .toList();
        HttpHeaders headers = request.headers();
        List<String> host = headers.getAll(HttpHeaderNames.HOST);
        if (host.size() != 1 || !hosts.contains(host.get(0))) {
            return Optional.of(refusal(421, "The host is none of " + hosts));
        }
        List<String> origin = headers.getAll(HttpHeaderNames.ORIGIN);
        return origin.isEmpty() || origin.equals(List.of("http://" + host.get(0)))
                ? Optional.empty()
                : Optional.of(refusal(403, "Another origin gets nothing"));
    }

    /**
     * Checks the token of a request to the API.
     *
     * @return the refusal, or empty
     */
    Optional<HttpReply> refuseStranger(HttpRequest request) {
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        boolean right = authorization.startsWith(BEARER)
                && MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.US_ASCII),
                        authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
        return right
                ? Optional.empty()
                : Optional.of(refusal(401, "Send the token of the page's URL: Authorization: Bearer <token>"));
    }

    static HttpReply refusal(int status, String message) {
        return JsonReply.of(status, JsonReply.object().put("error", message));
    }
}
