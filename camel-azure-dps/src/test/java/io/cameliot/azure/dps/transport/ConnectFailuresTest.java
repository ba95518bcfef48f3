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
package io.cameliot.azure.dps.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.azure.dps.registration.RegistrationEvent.ConnectProblem;
import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectFailuresTest {

    @ParameterizedTest
    @EnumSource(Reason.class)
    void endsARegistrationOnlyForWhatCannotPass(Reason reason) {
        assertThat(problem(new TlsConnectException(reason, "What happened", null)))
                .isEqualTo(reason.isPassing() ? ConnectProblem.TRANSIENT : ConnectProblem.PERMANENT);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {
                "UNKNOWN_HOST",
                "UNREACHABLE",
                "TIMEOUT",
                "CLOSED_BY_SERVER",
                "CONNECTION_LOST",
                "KEEP_ALIVE_EXPIRED",
                "UNAVAILABLE"
            })
    void tellsNoFailureOfTheNetworkAsOneOfTheDevice(Reason reason) {
        assertThat(problem(new TlsConnectException(reason, "What happened", null)))
                .isEqualTo(ConnectProblem.TRANSIENT);
    }

    @Test
    void triesAgainAfterAFailureThatNobodyHasExplained() {
        assertThat(problem(new SocketException("Network is unreachable"))).isEqualTo(ConnectProblem.TRANSIENT);
    }

    private static ConnectProblem problem(IOException failure) {
        return ConnectFailures.explain(failure).problem();
    }
}
