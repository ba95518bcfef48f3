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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.transport.TlsConnectException.Reason;
import io.cameliot.common.transport.connect.TestTls;
import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.security.SignatureException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFailuresTest {

    private final TlsTarget target = TestTls.target(8883);

    static Stream<Exception> failuresToDial() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new NoRouteToHostException("No route to host"),
                new SocketException("Network is unreachable"),
                new SocketException("Permission denied"),
                new BindException("Cannot assign requested address"),
                new ClosedChannelException());
    }

    @ParameterizedTest
    @MethodSource("failuresToDial")
    void takesNoFailureToDialForAnEndByTheServer(Exception failure) {
        assertThat(TlsFailures.explainDial(failure, target))
                .hasMessageContaining("check option connectTo and the port")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
    }

    @Test
    void saysThatAnAddressDidNotAnswerTheDial() {
        assertThat(TlsFailures.explainDial(new ConnectTimeoutException("connection timed out"), target))
                .hasMessageContaining("no answer within")
                .returns(Reason.TIMEOUT, TlsConnectException::getReason);
    }

    @Test
    void blamesNoOptionForTooManyOpenFiles() {
        assertThat(TlsFailures.explainDial(
                        new ChannelException("Failed to open a socket.", new IOException("Too many open files")),
                        target))
                .hasMessageEndingWith("this machine opens no socket (Too many open files)")
                .returns(Reason.UNREACHABLE, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @CsvSource({
        "internal_error, CONNECTION_LOST",
        "bad_record_mac, CONNECTION_LOST",
        "handshake_failure, NO_COMMON_PROTOCOL",
        "illegal_parameter, NO_COMMON_PROTOCOL",
        "certificate_unknown, CLIENT_REFUSED",
    })
    void triesAgainAfterAnAlertThatSpeaksOfNothingOnThisSide(String alert, Reason reason) {
        assertThat(TlsFailures.explain(new SSLHandshakeException("Received fatal alert: " + alert), target))
                .hasMessageContaining(alert)
                .returns(reason, TlsConnectException::getReason);
    }

    /** JDK 17 writes them without the name of the alert, newer ones with it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cannot produce CertificateVerify signature",
                "No supported CertificateVerify signature algorithm for EC  key",
                "(handshake_failure) No supported CertificateVerify signature algorithm for EC  key",
                "(bad_certificate) Empty server certificate chain",
            })
    void takesNoFailureOfThisSideForARefusalByTheServer(String text) {
        SSLHandshakeException failure = new SSLHandshakeException(text);
        failure.initCause(new IllegalStateException(new SignatureException("the token was removed")));

        assertThat(TlsFailures.explainHandshake(failure, target, 2))
                .hasMessageEndingWith("the TLS handshake failed: " + text + " (the token was removed)")
                .returns(Reason.CONNECTION_LOST, TlsConnectException::getReason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad_certificate", "access_denied", "handshake_failure"})
    void readsAnAlertWhoseNameComesFirst(String alert) {
        String text = "(" + alert + ") Received fatal alert: " + alert;

        assertThat(TlsFailures.explainHandshake(new SSLHandshakeException(text), target, 2))
                .hasMessageContaining("the server refused the client certificate (" + text + ")")
                .returns(Reason.CLIENT_REFUSED, TlsConnectException::getReason);
    }
}
