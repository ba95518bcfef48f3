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
import javax.net.ssl.SSLException;

/**
 * Says in a user's words what an exception of the network or of TLS means, and which option to check.
 */
public final class TlsFailures {

    private TlsFailures() {}

    /**
     * @param failure what a socket threw, at connecting or later
     * @param target what was being connected to
     */
    public static TlsConnectException explain(Throwable failure, TlsTarget target) {
        TlsConnectException explained = TlsConnectException.find(failure);
        if (explained != null) {
            return explained;
        }
        String to = to(target);
        if (find(failure, UnknownHostException.class) != null) {
            return new TlsConnectException(
                    Reason.UNKNOWN_HOST,
                    to + "the host name " + target.dialled().host() + " cannot be resolved: check option "
                            + target.dialledOption() + " and the network's DNS",
                    failure);
        }
        if (find(failure, SocketTimeoutException.class) != null
                || find(failure, ConnectTimeoutException.class) != null) {
            return new TlsConnectException(
                    Reason.TIMEOUT,
                    to + "no answer within " + target.timeout().toMillis()
                            + " ms: check "
                            + (target.proxy() == null ? "option " : "options proxy and ") + target.destinationOption()
                            + " and the port, and that every firewall on the way lets it through",
                    failure);
        }
        SSLException tls = find(failure, SSLException.class);
        if (tls != null) {
            return explainTls(tls, failure, to, target);
        }
        if (isRefusal(failure)) {
            return new TlsConnectException(
                    Reason.UNREACHABLE,
                    to + text(failure) + ": check option " + target.dialledOption() + " and the port",
                    failure);
        }
        return new TlsConnectException(Reason.CONNECTION_LOST, to + text(failure), failure);
    }

    /**
     * As {@link #explain}, for a handshake. With TLS 1.2 many servers answer a missing client certificate with the alert
     * handshake_failure (RFC 5246 section 7.4.6), which also says that there is no cipher suite in common. The latter is
     * the answer to the client's first flight, the former to its second, which has the certificate.
     *
     * @param flights how many flights of the client had been sent
     */
    public static TlsConnectException explainHandshake(SSLException failure, TlsTarget target, int flights) {
        return flights > 1 && hasText(failure, "handshake_failure")
                ? clientRefused(failure, failure, to(target))
                : explain(failure, target);
    }

    private static TlsConnectException explainTls(SSLException tls, Throwable failure, String to, TlsTarget target) {
        if (find(failure, CertificateExpiredException.class) != null) {
            return new TlsConnectException(
                    Reason.SERVER_NOT_TRUSTED,
                    to + "the server's certificate has expired: check this machine's clock, then the server",
                    failure);
        }
        if (find(failure, CertificateNotYetValidException.class) != null) {
            return new TlsConnectException(
                    Reason.SERVER_NOT_TRUSTED,
                    to + "the server's certificate is not yet valid: check this machine's clock, then the server",
                    failure);
        }
        if (find(failure, CertPathValidatorException.class) != null
                || hasText(failure, "unable to find valid certification path", "No trusted certificate")) {
            return new TlsConnectException(
                    Reason.SERVER_NOT_TRUSTED,
                    to
                            + "the server's certificate is not signed by a trusted CA: set option caFile to the CA certificate of"
                            + " the server, or check that option " + target.hostOption() + " names the right server"
                            + (target.proxy() == null
                                    ? ""
                                    : " (a proxy that opens TLS shows a certificate of its own CA)"),
                    failure);
        }
        CertificateException certificate = find(failure, CertificateException.class);
        if (certificate != null) {
            return new TlsConnectException(
                    Reason.SERVER_NOT_TRUSTED,
                    to + "the server's certificate is not made out for " + target.host() + ": check option "
                            + target.hostOption() + " (" + text(certificate) + ")",
                    failure);
        }
        String message = String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("certificate") || message.contains("unknown_ca") || message.contains("access_denied")) {
            return clientRefused(tls, failure, to);
        }
        if (message.contains("protocol_version") || message.contains("not accepted by client preferences")) {
            return new TlsConnectException(
                    Reason.NO_COMMON_PROTOCOL,
                    to + "the server speaks none of the offered TLS versions"
                            + (target.tlsVersions().isEmpty() ? "" : " " + target.tlsVersions()) + " ("
                            + text(tls) + "): check options " + target.hostOption() + " and port",
                    failure);
        }
        if (message.contains("unrecognized ssl message") || tls instanceof NotSslRecordException) {
            return new TlsConnectException(
                    Reason.NO_COMMON_PROTOCOL,
                    to + "the server speaks no TLS on this port: check options " + target.dialledOption() + " and port",
                    failure);
        }
        if (message.contains("received fatal alert")) {
            return new TlsConnectException(
                    Reason.NO_COMMON_PROTOCOL,
                    to + "the server refused the TLS handshake (" + text(tls) + "): check options "
                            + target.hostOption() + " and port" + andAlpn(target),
                    failure);
        }
        if (find(failure, EOFException.class) != null) {
            return new TlsConnectException(
                    Reason.CONNECTION_LOST,
                    to + "the server closed the connection during the TLS handshake: check options "
                            + target.hostOption() + " and port" + andAlpn(target),
                    failure);
        }
        return new TlsConnectException(Reason.CONNECTION_LOST, to + "the TLS handshake failed: " + text(tls), failure);
    }

    private static TlsConnectException clientRefused(SSLException tls, Throwable failure, String to) {
        return new TlsConnectException(
                Reason.CLIENT_REFUSED,
                to + "the server refused the client certificate (" + text(tls)
                        + "): check that options certificateFile and privateKeyFile are set, that the certificate is"
                        + " registered and active there, and not expired",
                failure);
    }

    private static String to(TlsTarget target) {
        return "Cannot connect to " + target + ": ";
    }

    private static String andAlpn(TlsTarget target) {
        return target.alpn() == null ? "" : ", and the ALPN name " + target.alpn();
    }

    private static boolean isRefusal(Throwable failure) {
        return find(failure, ConnectException.class) != null || find(failure, NoRouteToHostException.class) != null;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : ForeignText.shown(message);
    }

    private static boolean hasText(Throwable failure, String... texts) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            for (String text : texts) {
                if (t.getMessage() != null && t.getMessage().contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return type.cast(t);
            }
        }
        return null;
    }
}
