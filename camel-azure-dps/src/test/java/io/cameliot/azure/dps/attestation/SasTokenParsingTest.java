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
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that users give, after test_sastoken.py of azure-iot-sdk-python. */
class SasTokenParsingTest {

    private static final String TOKEN =
            "SharedAccessSignature sr=0ne00000001%2Fregistrations%2Fdev-1&sig=c2ln&se=1700003600&skn=registration";
    private static final Instant BEFORE_EXPIRY = Instant.ofEpochSecond(1700003599);

    @Test
    void readsResourceAndExpiry() {
        SasToken token = SasToken.parse("sasToken", " " + TOKEN + "\n");

        assertThat(token.text()).isEqualTo(TOKEN);
        assertThat(token.resource()).isEqualTo("0ne00000001/registrations/dev-1");
        assertThat(token.expiry()).isEqualTo(Instant.ofEpochSecond(1700003600));
    }

    /** Node and Java SDKs send the resource as it is. */
    @Test
    void readsFieldsInAnyOrderAndWithoutEncodingOrPolicy() {
        SasToken token = SasToken.parse(
                "sasToken", "SharedAccessSignature se=1700003600&sr=0ne00000001/registrations/dev-1&sig=c2ln");

        assertThat(token.resource()).isEqualTo("0ne00000001/registrations/dev-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sr=a&sig=b&se=1",
                "SharedAccessSignature sig=b&se=1",
                "SharedAccessSignature sr=a&se=1",
                "SharedAccessSignature sr=a&sig=b",
                "SharedAccessSignature sr=a&sig=b&se=1&extra=c",
                "SharedAccessSignature sr=a&sig=b&se=\u0661\u0667",
                "SharedAccessSignature sr=a&sig=b&se=+1",
                "SharedAccessSignature sr=a&sig=b&se=1&se=2",
                "SharedAccessSignature sr=a&sig=b&se=tomorrow",
                "SharedAccessSignature sr=a&sig=b&se=99999999999999999999",
                "SharedAccessSignature sr=%2&sig=b&se=1",
                "SharedAccessSignature x",
            })
    void refusesWhatIsNoToken(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SasToken.parse("sasToken", text))
                .withMessageContaining("Option sasToken is not a SAS token")
                .withMessageNotContaining(text);
    }

    @Test
    void isShownByTheDeviceItIsForInAnyCase() {
        assertThat(credential().password("0NE00000001", "DEV-1", BEFORE_EXPIRY)).isEqualTo(TOKEN);
    }

    @Test
    void isNotShownByAnotherDevice() {
        assertThatIllegalStateException()
                .isThrownBy(() -> credential().password("0ne00000001", "dev-2", BEFORE_EXPIRY))
                .withMessageContaining("0ne00000001/registrations/dev-1")
                .withMessageContaining("dev-2")
                .withMessageNotContaining("c2ln");
    }

    @Test
    void isNotShownOnceExpired() {
        assertThatIllegalStateException()
                .isThrownBy(() -> credential().password("0ne00000001", "dev-1", Instant.ofEpochSecond(1700003600)))
                .withMessageContaining("Option sasToken")
                .withMessageContaining("expired at 2023-11-14T23:13:20Z");
    }

    private static DeviceCredential credential() {
        return new DeviceCredential.OfToken("sasToken", SasToken.parse("sasToken", TOKEN));
    }
}
