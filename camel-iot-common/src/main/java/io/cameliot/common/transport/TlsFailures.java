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
import io.cameliot.common.transport.TlsConnectException.Reason;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Explains exceptions of the network and of TLS, and names the option to check. */
public final class TlsFailures {

    private final Throwable failure;
    private final TlsTarget target;

    private TlsFailures(Throwable failure, TlsTarget target) {
        this.failure = failure;
        this.target = target;
    }

    /**
     * Explains a failure.
     *
     * @param failure the exception of a socket, while connecting or later
     * @param target the target of the connection
     */
    public static TlsConnectException explain(Throwable failure, TlsTarget target) {
        TlsConnectException explained = TlsConnectException.find(failure);
        return explained != null ? explained : new TlsFailures(failure, target).explain();
    }

    /**
     * Explains a failed handshake as {@link #explain} does. With TLS 1.2 many servers send the alert handshake_failure
     * both for a missing client certificate (RFC 5246 section 7.4.6) and for the lack of a common cipher suite. For the
     * latter it answers the client's first flight, for the former its second, which contains the certificate.
     *
     * @param flights number of flights that the client has sent
     */
    public static TlsConnectException explainHandshake(SSLException failure, TlsTarget target, int flights) {
        TlsFailures failures = new TlsFailures(failure, target);
        return flights > 1 && failures.hasText("handshake_failure")
                ? failures.clientRefused(failure)
                : explain(failure, target);
    }

    private TlsConnectException explain() {
        if (find(UnknownHostException.class) != null) {
            return because(
                    Reason.UNKNOWN_HOST,
                    "the host name " + target.dialled().host() + " cannot be resolved: check option "
                            + target.dialledOption() + " and the network's DNS");
        }
        if (find(SocketTimeoutException.class) != null || find(ConnectTimeoutException.class) != null) {
            return because(
                    Reason.TIMEOUT,
                    "no answer within " + target.timeout().toMillis() + " ms: check "
                            + (target.proxy() == null ? "option " : "options proxy and ") + target.destinationOption()
                            + " and the port, and that every firewall on the way lets it through");
        }
        SSLException tls = find(SSLException.class);
        if (tls != null) {
            return explainTls(tls);
        }
        if (find(ConnectException.class) != null || find(NoRouteToHostException.class) != null) {
            return because(
                    Reason.UNREACHABLE, text(failure) + ": check option " + target.dialledOption() + " and the port");
        }
        return because(Reason.CONNECTION_LOST, text(failure));
    }

    private TlsConnectException explainTls(SSLException tls) {
        String certificate = certificateFault();
        if (certificate != null) {
            return because(Reason.SERVER_NOT_TRUSTED, "the server's certificate " + certificate);
        }
        String message = String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("certificate") || message.contains("unknown_ca") || message.contains("access_denied")) {
            return clientRefused(tls);
        }
        if (message.contains("protocol_version") || message.contains("not accepted by client preferences")) {
            return because(
                    Reason.NO_COMMON_PROTOCOL,
                    "the server speaks none of the offered TLS versions"
                            + (target.tlsVersions().isEmpty() ? "" : " " + target.tlsVersions()) + " (" + text(tls)
                            + "): check options " + target.hostOption() + " and port");
        }
        if (message.contains("unrecognized ssl message") || tls instanceof NotSslRecordException) {
            return because(
                    Reason.NO_COMMON_PROTOCOL,
                    "the server speaks no TLS on this port: check options " + target.dialledOption() + " and port");
        }
        String check = ": check options " + target.hostOption() + " and port"
                + (target.alpn() == null ? "" : ", and the ALPN name " + target.alpn());
        if (message.contains("received fatal alert")) {
            return because(
                    Reason.NO_COMMON_PROTOCOL, "the server refused the TLS handshake (" + text(tls) + ")" + check);
        }
        if (find(EOFException.class) != null) {
            return because(Reason.CONNECTION_LOST, "the server closed the connection during the TLS handshake" + check);
        }
        return because(Reason.CONNECTION_LOST, "the TLS handshake failed: " + text(tls));
    }

    /** The fault of the server's certificate; null if the failure has another cause. */
    private String certificateFault() {
        if (find(CertificateExpiredException.class) != null) {
            return "has expired: check this machine's clock, then the server";
        }
        if (find(CertificateNotYetValidException.class) != null) {
            return "is not yet valid: check this machine's clock, then the server";
        }
        if (find(CertPathValidatorException.class) != null
                || hasText("unable to find valid certification path")
                || hasText("No trusted certificate")) {
            return "is not signed by a trusted CA: set option caFile to the CA certificate of the server, or check that"
                    + " option " + target.hostOption() + " names the right server"
                    + (target.proxy() == null ? "" : " (a proxy that opens TLS shows a certificate of its own CA)");
        }
        CertificateException certificate = find(CertificateException.class);
        return certificate == null
                ? null
                : "is not made out for " + target.host() + ": check option " + target.hostOption() + " ("
                        + text(certificate) + ")";
    }

    private TlsConnectException clientRefused(SSLException tls) {
        return because(
                Reason.CLIENT_REFUSED,
                "the server refused the client certificate (" + text(tls)
                        + "): check that options certificateFile and privateKeyFile are set, that the certificate is"
                        + " registered and active there, and not expired");
    }

    private TlsConnectException because(Reason reason, String what) {
        return new TlsConnectException(reason, "Cannot connect to " + target + ": " + what, failure);
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : ForeignText.shown(message);
    }

    private boolean hasText(String text) {
        return chain().anyMatch(t -> t.getMessage() != null && t.getMessage().contains(text));
    }

    private <T extends Throwable> T find(Class<T> type) {
        return chain().filter(type::isInstance).map(type::cast).findFirst().orElse(null);
    }

    private Stream<Throwable> chain() {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
