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
package io.cameliot.testinfra.awsiot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.auth.Principal.Authentication;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order of the tests matters: what one leaves behind must not affect the next. */
@ExtendWith(AwsIotEmulatorExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AwsIotEmulatorExtensionTest {
    private static InjectedFault leftBehind;
    private static Principal leftPrincipal;
    private static int port;
    private static AwsIotEmulator lastOfATest;

    @Test
    @Order(1)
    void passesTheEmulatorToTestMethods(AwsIotEmulator aws) {
        port = aws.port(GatewayPort.MQTT_8883);
        leftBehind = aws.faults().inject(new Fault.DropAfterHandshake(), 7);
        X509Certificate certificate = aws.issueDevice("left").chain().get(0);
        leftPrincipal = new Principal(Authentication.X509, DeviceCertificates.certificateId(certificate));
        aws.policy("left", DevicePolicy.ALLOW_ALL.deny(Action.CONNECT, "left"));
        aws.policy(certificate, DevicePolicy.ALLOW_ALL.deny(Action.CONNECT, "other"));
        aws.stop();
    }

    @Test
    @Order(2)
    void removesFaultsAndPoliciesAndRestartsAfterEachTest(AwsIotEmulator aws) {
        assertThat(leftBehind.isPending()).isFalse();
        assertThat(aws.policyOf("left", leftPrincipal)).isSameAs(DevicePolicy.ALLOW_ALL);
        assertThat(aws.policyOf("other", leftPrincipal)).isSameAs(DevicePolicy.ALLOW_ALL);
        assertThat(aws.port(GatewayPort.MQTT_8883)).isEqualTo(port);
        assertThat(aws.connections()).isEmpty();
    }

    @Nested
    class InANestedClass {
        @Test
        void sharesTheEmulatorOfTheOuterClass(AwsIotEmulator aws) {
            assertThat(aws.port(GatewayPort.MQTT_8883)).isEqualTo(port);
        }
    }

    @Nested
    class InAnInstanceField {
        @RegisterExtension
        final AwsIotEmulatorExtension ofTheTest = new AwsIotEmulatorExtension();

        @RepeatedTest(2)
        void startsAnotherEmulatorForEachTest() {
            if (lastOfATest != null) {
                assertThatIllegalStateException().isThrownBy(() -> lastOfATest.port(GatewayPort.MQTT_8883));
            }
            lastOfATest = ofTheTest.emulator();
            assertThat(lastOfATest.port(GatewayPort.MQTT_8883)).isPositive().isNotEqualTo(port);
        }
    }
}
