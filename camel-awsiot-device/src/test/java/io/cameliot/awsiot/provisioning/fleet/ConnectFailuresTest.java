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
package io.cameliot.awsiot.provisioning.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectProblem;
import io.cameliot.common.mqtt.MqttConnackException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectFailuresTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void countsAsARefusalOnlyWhatTheServerHasSaid(Reason reason) {
        ConnectProblem expected =
                switch (reason) {
                    case CLIENT_REFUSED -> ConnectProblem.REFUSED;
                    case CLOSED_BY_SERVER -> ConnectProblem.CLOSED;
                    default -> reason.isPassing() ? ConnectProblem.TRANSIENT : ConnectProblem.PERMANENT;
                };

        assertThat(ConnectFailures.explain(new TlsConnectException(reason, "What happened", null))
                        .problem())
                .isEqualTo(expected);
    }

    /** The policy may allow the certificate and not the session that is asked for. */
    @Test
    void tellsARefusalByThePolicyFromOthers() {
        assertThat(problem(MqttReasonCode.NOT_AUTHORIZED)).isEqualTo(ConnectProblem.NOT_AUTHORIZED);
        assertThat(problem(MqttReasonCode.BANNED)).isEqualTo(ConnectProblem.REFUSED);
    }

    private static ConnectProblem problem(MqttReasonCode code) {
        return ConnectFailures.explain(new MqttConnackException(code.code(), "No"))
                .problem();
    }

    static Stream<IOException> unexplained() {
        return Stream.of(new SocketException("Network is unreachable"), new EOFException(), new IOException("Reset"));
    }

    @ParameterizedTest
    @MethodSource("unexplained")
    void countsAnyOtherFailureAsTransient(IOException failure) {
        assertThat(ConnectFailures.explain(failure).problem()).isEqualTo(ConnectProblem.TRANSIENT);
    }
}
