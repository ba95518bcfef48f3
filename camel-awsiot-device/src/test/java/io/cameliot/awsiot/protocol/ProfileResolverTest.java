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
package io.cameliot.awsiot.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileResolverTest {

    @ParameterizedTest
    @CsvSource({
        "wss, sigv4, 443, , true",
        "wss, custom, 443, , true",
        "mqtt, x509, 443, x-amzn-mqtt-ca, true",
        "mqtt, x509, 8883, , true",
        "mqtt, custom, 443, mqtt, true",
        "https, sigv4, 443, , false",
        "https, x509, 443, x-amzn-http-ca, false",
        "https, x509, 8443, , false",
        "https, custom, 443, , false"
    })
    void hasTheNineRowsThatAwsDocuments(
            DeviceProtocol protocol, DeviceAuthentication authentication, int port, String alpn, boolean subscribing) {
        ConnectionProfile profile = ProfileResolver.resolve(protocol, authentication, port);

        assertThat(profile.port()).isEqualTo(port);
        assertThat(profile.alpn()).isEqualTo(alpn);
        assertThat(profile.isSubscribing()).isEqualTo(subscribing);
        assertThat(ConnectionProfile.values()).hasSize(9);
    }

    @Test
    void choosesThePortWithoutAlpnWhereThereAreTwo() {
        assertThat(ProfileResolver.resolve(DeviceProtocol.mqtt, DeviceAuthentication.x509, null))
                .isEqualTo(ConnectionProfile.MQTT_X509);
        assertThat(ProfileResolver.resolve(DeviceProtocol.https, DeviceAuthentication.x509, null))
                .isEqualTo(ConnectionProfile.HTTPS_X509);
    }

    @ParameterizedTest
    @EnumSource(ConnectionProfile.class)
    void findsARowByItsOwnUriOptions(ConnectionProfile profile) {
        assertThat(ProfileResolver.resolve(profile.protocol(), profile.authentication(), profile.port()))
                .isEqualTo(profile);
    }

    static Stream<Arguments> everythingElse() {
        return Stream.of(DeviceProtocol.values()).flatMap(protocol -> Stream.of(DeviceAuthentication.values())
                .flatMap(authentication -> Stream.of(80, 443, 1883, 8443, 8883, 9001)
                        .filter(port -> Arrays.stream(ConnectionProfile.values())
                                .noneMatch(row -> row.protocol() == protocol
                                        && row.authentication() == authentication
                                        && row.port() == port))
                        .map(port -> Arguments.of(protocol, authentication, port))));
    }

    @ParameterizedTest
    @MethodSource("everythingElse")
    void refusesEveryOtherCombinationAndNamesTheRowsThatWork(
            DeviceProtocol protocol, DeviceAuthentication authentication, int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProfileResolver.resolve(protocol, authentication, port))
                .withMessageContaining("protocol=" + protocol + "&authentication=" + authentication + "&port=" + port)
                .withMessageContaining("it has protocol=" + protocol + "&authentication=");
    }

    @Test
    void refusesACombinationOfProtocolAndAuthenticationWithoutAnyPort() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProfileResolver.resolve(DeviceProtocol.mqtt, DeviceAuthentication.sigv4, null))
                .withMessage("AWS IoT Core has no protocol=mqtt&authentication=sigv4; it has"
                        + " protocol=mqtt&authentication=x509&port=443, protocol=mqtt&authentication=x509&port=8883,"
                        + " protocol=mqtt&authentication=custom&port=443");
    }
}
