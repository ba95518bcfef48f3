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
package io.cameliot.testinfra.dps.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnrollmentKeyTest {

    /** The test vector of the page "Symmetric key attestation" of the DPS documentation. */
    @Test
    void derivesTheDeviceKeyOfTheDocumentation() {
        EnrollmentKey group = EnrollmentKey.of(
                "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==");

        assertThat(group.deriveDeviceKey("sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6").base64())
                .isEqualTo("Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=");
    }

    /** A test vector of the signing tests of Azure's Python SDK. */
    @Test
    void signsLikeTheVendorsClient() {
        byte[] signature =
                EnrollmentKey.of("NMgJDvdKTxjLi+xBxxkDDEwDJxEvOE5u8BiT0mVgPeg=").hmacSha256("sign this message");

        assertThat(Base64.getEncoder().encodeToString(signature))
                .isEqualTo("8NJRMT83CcplGrAGaUVIUM/md5914KpWVNngSVoF9/M=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a key", "YWJjx", "", "AAECAwQFBgcICQoLDA0O"})
    void refusesTextThatIsNotSixteenToSixtyFourBytes(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> EnrollmentKey.of(text));
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        String text = Base64.getEncoder().encodeToString(new byte[65]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnrollmentKey.of(text))
                .withMessageContaining("65 bytes");
    }

    @Test
    void showsItsTextOnlyInBase64() {
        EnrollmentKey key = EnrollmentKey.random();

        assertThat(key.toString()).isEqualTo("EnrollmentKey[64 bytes]");
        assertThat(EnrollmentKey.of(key.base64())).isEqualTo(key);
    }
}
