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
import io.netty.channel.ChannelException;
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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Explains exceptions of the network and of TLS. */
public final class TlsFailures {

    /**
     * Alerts that do not speak of what this side has sent: the server has a failure of its own, or the network has changed
     * a record (RFC 8446, section 6.2).
     */
    private static final List<String> PASSING_ALERTS = List.of("internal_error", "bad_record_mac");

    /** Alerts about the client's certificate; several have the word in their names. */
    private static final List<String> CERTIFICATE_ALERTS = List.of("certificate", "unknown_ca", "access_denied");

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
     * Explains why an address could not be dialled. No server has answered then, whatever the type of the exception:
     * "Network is unreachable" is a plain {@link java.net.SocketException}.
     */
    public static TlsConnectException explainDial(Throwable failure, TlsTarget target) {
        if (failure instanceof ChannelException) {
            return target.cannotConnect(
                    Reason.UNREACHABLE,
                    "this machine opens no socket (" + text(failure.getCause() == null ? failure : failure.getCause())
                            + ")",
                    failure);
        }
        TlsFailures failures = new TlsFailures(failure, target);
        return TlsConnectException.find(failure) != null || failures.isTimeout()
                ? explain(failure, target)
                : failures.because(ConnectFault.ADDRESS_UNREACHABLE, text(failure));
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
        return flights > 1 && failures.hasText("Received fatal alert: handshake_failure")
                ? failures.clientRefused(failure)
                : explain(failure, target);
    }

    private TlsConnectException explain() {
        if (find(UnknownHostException.class) != null) {
            return because(
                    ConnectFault.NAME_UNKNOWN,
                    "the host name " + target.address().dialled().host() + " cannot be resolved");
        }
        if (isTimeout()) {
            return because(
                    ConnectFault.NO_ANSWER,
                    "no answer within " + target.timeout().toMillis() + " ms");
        }
        SSLException tls = find(SSLException.class);
        if (tls != null) {
            return explainTls(tls);
        }
        if (find(ConnectException.class) != null || find(NoRouteToHostException.class) != null) {
            return because(ConnectFault.ADDRESS_UNREACHABLE, text(failure));
        }
        return lost(text(failure));
    }

    private TlsConnectException explainTls(SSLException tls) {
        TlsConnectException certificate = certificateFault();
        if (certificate != null) {
            return certificate;
        }
        String message = String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT);
        // Failures of this side, too, speak of certificates, and newer JDKs begin their texts with the name of an
        // alert.
        boolean received = message.contains("received fatal alert");
        if (received && CERTIFICATE_ALERTS.stream().anyMatch(message::contains)) {
            return clientRefused(tls);
        }
        if (message.contains("protocol_version") || message.contains("not accepted by client preferences")) {
            List<String> offered = target.tls().versions();
            return because(
                    ConnectFault.NO_TLS_VERSION,
                    "the server speaks none of the offered TLS versions" + (offered.isEmpty() ? "" : " " + offered)
                            + " (" + text(tls) + ")");
        }
        if (message.contains("unrecognized ssl message") || tls instanceof NotSslRecordException) {
            return because(ConnectFault.NO_TLS, "the server speaks no TLS on this port");
        }
        if (received) {
            if (PASSING_ALERTS.stream().anyMatch(message::contains)) {
                return lost("the server ended the TLS handshake (" + text(tls) + ")");
            }
            return because(ConnectFault.HANDSHAKE_REFUSED, "the server refused the TLS handshake (" + text(tls) + ")");
        }
        if (find(EOFException.class) != null) {
            return because(ConnectFault.HANDSHAKE_CUT, "the server closed the connection during the TLS handshake");
        }
        return lost("the TLS handshake failed: " + text(tls) + origin(text(tls)));
    }

    /** What the innermost exception adds to the text, such as what a key store says of its key. */
    private String origin(String text) {
        String innermost = text(chain().reduce(failure, (outer, cause) -> cause));
        return text.contains(innermost) ? "" : " (" + innermost + ")";
    }

    /** The fault of the server's certificate; null if the failure has another cause. */
    private TlsConnectException certificateFault() {
        if (find(CertificateExpiredException.class) != null) {
            return because(ConnectFault.CERTIFICATE_OUT_OF_DATE, "the server's certificate has expired");
        }
        if (find(CertificateNotYetValidException.class) != null) {
            return because(ConnectFault.CERTIFICATE_OUT_OF_DATE, "the server's certificate is not yet valid");
        }
        if (find(CertPathValidatorException.class) != null
                || hasText("unable to find valid certification path")
                || hasText("No trusted certificate")) {
            return because(
                    ConnectFault.CERTIFICATE_OF_UNKNOWN_CA, "the server's certificate is not signed by a trusted CA");
        }
        CertificateException certificate = find(CertificateException.class);
        if (certificate == null) {
            return null;
        }
        ConnectFault fault = ConnectFault.CERTIFICATE_OF_OTHER_HOST;
        return target.cannotConnect(
                fault.reason(),
                "the server's certificate is not made out for "
                        + target.address().host() + target.advice(fault) + " (" + text(certificate) + ")",
                failure);
    }

    private TlsConnectException clientRefused(SSLException tls) {
        return because(
                ConnectFault.CLIENT_CERTIFICATE_REFUSED,
                "the server refused the client certificate (" + text(tls) + ")");
    }

    private TlsConnectException because(ConnectFault fault, String what) {
        return target.cannotConnect(fault, what, failure);
    }

    private TlsConnectException lost(String what) {
        return target.cannotConnect(Reason.CONNECTION_LOST, what, failure);
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : ForeignText.shown(message);
    }

    private boolean isTimeout() {
        return find(SocketTimeoutException.class) != null || find(ConnectTimeoutException.class) != null;
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
