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
package io.cameliot.azure.dps.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cameliot.azure.dps.wire.PercentEncoding;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys and tokens after Microsoft's documents and SDK tests. The vectors V1 to V6 are in {@code DpsConformanceTest}.
 */
class KeysAndTokensTest {

    /** The bytes 0 to 31. */
    private static final SymmetricKey K32 =
            SymmetricKey.parse("sharedAccessKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    /** V7 (test_signing_mechanism.py of azure-iot-sdk-python) and the like. */
    @ParameterizedTest
    @ValueSource(strings = {"not a key", "YWJjx", "not base64!", "AAECAwQFBgcICQoLDA0ODw", "AAECAwQF_gcICQoLDA0ODw=="})
    void refusesAKeyThatIsNotBase64(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SymmetricKey.parse("sharedAccessKey", key))
                .withMessageContaining("Option sharedAccessKey is not base64")
                .withMessageNotContaining(key)
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NMgJDvdKTxjLi+xBxxkDDEwDJxEvOE5u8BiT0mVgPeg=",
                "+MgJDvdKTxjLi+xBxxkDDEwDJxEvOE5u8BiT0mVgPeg=",
                "++++DvdKTxjLi+xBxxkDDEwDJxEvOE5u8BiT0mVgPeg=",
                "NMgJDvdKTxjLi+xBxxkDDEwDJxEvOE5u8BiT0mVgPeg+"
            })
    void takesTheSpaceThatAUriMadeOfAPlusForAPlus(String key) {
        SymmetricKey asWritten = SymmetricKey.parse("sharedAccessKey", key);

        assertThat(SymmetricKey.parse("sharedAccessKey", key.replace('+', ' ')).sign("sign this message"))
                .isEqualTo(asWritten.sign("sign this message"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 65})
    void refusesAKeyOfAnotherLengthThan16To64Bytes(int length) {
        String key = Base64.getEncoder().encodeToString(new byte[length]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SymmetricKey.parse("groupSharedAccessKey", key))
                .withMessageContaining("Option groupSharedAccessKey holds a key of " + length + " bytes")
                .withMessageContaining("16 to 64");
    }

    @Test
    void takesKeysOf16To64BytesWithSpaceAround() {
        assertThat(IntStream.rangeClosed(16, 64)).allSatisfy(length -> assertThat(SymmetricKey.parse(
                        "sharedAccessKey", " " + Base64.getEncoder().encodeToString(new byte[length]) + "\n"))
                .isNotNull());
    }

    /** V8: test_az_iot_provisioning_client_sas.c of azure-sdk-for-c; its key is not given, so the signed text is compared. */
    @Test
    void signsTheResourceAsItIsSentAndTheExpiry() {
        String token = SasToken.forRegistration(
                        "0neFEEDC0DE", "myRegistrationId", K32, Instant.ofEpochSecond(1578941692))
                .text();

        String signature = K32.sign("0neFEEDC0DE%2fregistrations%2fmyRegistrationId\n1578941692");
        assertThat(token)
                .isEqualTo("SharedAccessSignature sr=0neFEEDC0DE%2fregistrations%2fmyRegistrationId&sig="
                        + PercentEncoding.encode(signature) + "&se=1578941692&skn=registration");
    }

    /** V9: the hub SAS test of azure-sdk-for-c. */
    @Test
    void namesAHubsDeviceAsItsResource() {
        assertThat(SasToken.hubResource("myiothub.azure-devices.net", "my_device"))
                .isEqualTo("myiothub.azure-devices.net%2Fdevices%2Fmy_device");
    }

    /** V10: the SAS test of azure-iot-sdk. */
    @Test
    void encodesWhatIsNotUnreserved() {
        assertThat(SasToken.hubResource("h", "d@v 1/x")).isEqualTo("h%2Fdevices%2Fd%40v%201%2Fx");
    }

    @Test
    void showsNoKeyAndNoToken() {
        SasToken token = SasToken.forRegistration("0ne00000001", "ut-device", K32, Instant.ofEpochSecond(1700003600));
        DeviceCredential credential = new DeviceCredential.OfToken("sasToken", token);

        assertThat(K32).hasToString("SymmetricKey[32 bytes]");
        assertThat(credential.toString())
                .contains("0ne00000001/registrations/ut-device")
                .doesNotContain("sig=", "nfgjIUfm");
    }
}
