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
package io.cameliot.awsiot.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.common.transport.TlsConnectException;
import io.cameliot.common.transport.TlsConnectException.Reason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Mqtt5SessionTest} shows the hint for a close by the server. */
class ConnectHintsTest {

    @ParameterizedTest
    @EnumSource(value = Reason.class, mode = EnumSource.Mode.EXCLUDE, names = "CLOSED_BY_SERVER")
    void blamesNoCertificateUnlessTheServerClosed(Reason reason) {
        TlsConnectException failure = new TlsConnectException(reason, "What happened", null);

        assertThat(ConnectHints.add(failure, null, "sensor-17")).isSameAs(failure);
    }
}
