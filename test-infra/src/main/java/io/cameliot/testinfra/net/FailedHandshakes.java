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
package io.cameliot.testinfra.net;

import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.Refused;
import io.cameliot.testinfra.event.RemoteClient;
import io.cameliot.testinfra.event.Rule;
import io.cameliot.testinfra.event.TlsRule;
import io.netty.channel.Channel;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Tells why a TLS handshake failed. JSSE tells most reasons only by the texts of its exceptions; these are the texts of the
 * JDKs 17 to 25, and a text that is none of them is the detail of {@link TlsRule#HANDSHAKE}.
 */
public final class FailedHandshakes {
    private static final String ALERT = "Received fatal alert: ";

    private FailedHandshakes() {}

    /** A certificate that is known and not active. */
    public static final class InactiveCertificateException extends CertificateException {
        private static final long serialVersionUID = 1L;

        /**
         * Creates the exception.
         *
         * @param message names the certificate
         */
        public InactiveCertificateException(String message) {
            super(message);
        }
    }

    /**
     * Describes a failed handshake.
     *
     * @param cloud who refused
     * @param channel the connection
     * @param cause the reason
     * @return the refusal
     */
    public static Refused describe(Cloud cloud, Channel channel, Throwable cause) {
        Rule rule = rule(cause);
        String answer =
                switch (rule.name()) {
                    case "NOT_TLS", "CLIENT_ALERT", "CLIENT_CLOSED" -> "the connection was closed";
                    default -> "the TLS handshake failed";
                };
        ClientHello hello = channel.attr(ClientHello.ATTRIBUTE).get();
        return new Refused(
                cloud, rule, new RemoteClient("", addressOf(channel)), answer, () -> detail(rule, hello, cause));
    }

    /**
     * Returns the address of a client.
     *
     * @param channel its connection
     * @return address and port; empty if the channel has none
     */
    public static String addressOf(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : "";
    }

    private static Rule rule(Throwable cause) {
        if (cause instanceof TlsRefusedException refusal) {
            return refusal.rule();
        }
        List<Throwable> causes = causes(cause);
        if (has(causes, InactiveCertificateException.class)) {
            return TlsRule.CERTIFICATE_NOT_ACTIVE;
        }
        if (has(causes, CertificateExpiredException.class) || has(causes, CertificateNotYetValidException.class)) {
            return TlsRule.CERTIFICATE_NOT_VALID_NOW;
        }
        if (has(causes, CertificateException.class)) {
            return TlsRule.CERTIFICATE_NOT_REGISTERED;
        }
        if (has(causes, NotSslRecordException.class)) {
            return TlsRule.NOT_TLS;
        }
        if (has(causes, ClosedChannelException.class)) {
            return TlsRule.CLIENT_CLOSED;
        }
        return causes.stream()
                .filter(SSLException.class::isInstance)
                .map(found -> ofText(String.valueOf(found.getMessage())))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(TlsRule.HANDSHAKE);
    }

    private static Optional<TlsRule> ofText(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (message.startsWith(ALERT)) {
            return Optional.of(TlsRule.CLIENT_ALERT);
        }
        if (text.contains("empty client certificate chain") || text.contains("null cert chain")) {
            return Optional.of(TlsRule.CERTIFICATE_MISSING);
        }
        if (text.contains("protocol version") || text.contains("requested protocol")) {
            return Optional.of(TlsRule.VERSION);
        }
        if (text.contains("no cipher suites in common")) {
            return Optional.of(TlsRule.CIPHER_SUITE);
        }
        return text.contains("closed") ? Optional.of(TlsRule.CLIENT_CLOSED) : Optional.empty();
    }

    private static String detail(Rule rule, ClientHello hello, Throwable cause) {
        if (cause instanceof TlsRefusedException) {
            return cause.getMessage();
        }
        String reason = causes(cause).stream()
                .filter(found -> found instanceof CertificateException || found.getCause() == null)
                .map(found -> Objects.requireNonNullElse(
                        found.getMessage(), found.getClass().getSimpleName()))
                .findFirst()
                .orElse("");
        return reason
                + (hello == null || rule == TlsRule.NOT_TLS
                        ? ""
                        : " (server name " + hello.serverName().orElse("none") + ", ALPN "
                                + (hello.applicationProtocols().isEmpty()
                                        ? "none"
                                        : String.join(", ", hello.applicationProtocols()))
                                + ")");
    }

    private static boolean has(List<Throwable> causes, Class<? extends Throwable> type) {
        return causes.stream().anyMatch(type::isInstance);
    }

    private static List<Throwable> causes(Throwable cause) {
        List<Throwable> all = new ArrayList<>();
        for (Throwable next = cause; next != null && !all.contains(next); next = next.getCause()) {
            all.add(next);
        }
        return all;
    }
}
