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

import io.cameliot.common.tls.TlsConnectException.Reason;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** HTTP CONNECT (RFC 9110, section 9.3.6), with Basic authentication (RFC 7617) where a user is given. */
final class HttpConnectTunnel extends ProxyTunnel {

    HttpConnectTunnel(TlsTarget target) {
        super(target);
    }

    @Override
    void negotiate(Transport transport) throws IOException {
        transport.getOutputStream().write(request().getBytes(StandardCharsets.US_ASCII));
        HttpResponseHead answer;
        try {
            answer = HttpResponseHead.read(transport.getInputStream());
        } catch (ProtocolException e) {
            TlsConnectException failure = isNone("HTTP");
            failure.addSuppressed(e);
            throw failure;
        }
        if (answer.status() / 100 != 2) {
            throw refusal(answer);
        }
    }

    private String request() {
        StringBuilder request =
                new StringBuilder("CONNECT ").append(destination()).append(" HTTP/1.1\r\n");
        request.append("Host: ").append(destination()).append("\r\n");
        if (proxy().hasUser()) {
            byte[] credentials = (proxy().user() + ":" + proxy().password()).getBytes(StandardCharsets.UTF_8);
            request.append("Proxy-Authorization: Basic ")
                    .append(Base64.getEncoder().encodeToString(credentials))
                    .append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private TlsConnectException refusal(HttpResponseHead answer) {
        String status = "HTTP status " + answer.statusText();
        return switch (answer.status()) {
            case 407 ->
                offersBasic(answer)
                        ? wantsUser(status)
                        : failure(
                                Reason.PROXY_REFUSED,
                                "the proxy offers no Basic authentication, the only one that is supported (" + status
                                        + ")");
            case 502, 503, 504 -> cannotReach(status);
            default ->
                answer.status() == 429 || answer.status() >= 500
                        ? failure(Reason.UNAVAILABLE, "the proxy cannot serve now (" + status + ")")
                        : forbids(status);
        };
    }

    private static boolean offersBasic(HttpResponseHead answer) {
        List<String> challenges = answer.headers().getOrDefault("Proxy-Authenticate", List.of());
        return challenges.isEmpty()
                || challenges.stream()
                        .anyMatch(
                                challenge -> challenge.toLowerCase(Locale.ROOT).contains("basic"));
    }
}
