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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SharedAccessSignatureTest {

    /** Bytes 0 to 31, the key of the test vectors in the SAS tests of Azure's unified C SDK. */
    private static final EnrollmentKey KEY = EnrollmentKey.of("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    private static final Instant EXPIRY = Instant.ofEpochSecond(1700003600);

    /**
     * The first two lines are the C SDK's vectors for DPS and for a hub. The third is the first with {@code %2F} in
     * upper case, computed independently of this code. The fourth is from the hub's MQTT documentation.
     */
    @ParameterizedTest
    @CsvSource({
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=, SharedAccessSignature"
                + " sr=0ne00000001%2fregistrations%2fut-device&sig=nfgjIUfmDHBv8oCGcLAcWu2fieJcGyogj%2F8V3iBMPHo%3D"
                + "&se=1700003600&skn=registration",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=, SharedAccessSignature"
                + " sr=broker.example%2Fdevices%2Fut-device&sig=gqgacRa%2FNHRRK0%2FCjw6CUls%2BkHtn3nhT2hrASNZQan0%3D"
                + "&se=1700003600",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=, SharedAccessSignature"
                + " sr=0ne00000001%2Fregistrations%2Fut-device&sig=cVu11JkJFpvaSoHu%2FJfxIzTR5AAZYtNitfA7oxPHKJg%3D"
                + "&se=1700003600&skn=registration",
        "18RQk/hOPJR9EbsJlk2j8WA6vWaj/yi+oaYg7zmxfQNdOyMSu+SJ8O7TSlZhDJCYmn4rzEiVKIzNiVAWjLxrGA==,"
                + " SharedAccessSignature sr=MyExampleHub.azure-devices.net%2Fdevices%2Fmy-symkey-device"
                + "&sig=f%2BwW8XOKeJOtiPc9Iwjc4OpExvPM7NlhM9qxN2a1aAM%3D&se=1663119026",
    })
    void checksTheSignatureOverTheUnchangedResource(String key, String token) {
        SharedAccessSignature signature = SharedAccessSignature.parse(token);

        assertThat(signature.isSignedBy(EnrollmentKey.of(key))).isTrue();
        assertThat(signature.isSignedBy(EnrollmentKey.random())).isFalse();
        assertThat(signature.resourceUri()).matches("[^%]+/[^%]+/[^%]+");
    }

    @Test
    void signsTheTokensOfTheTestVectors() {
        assertThat(SharedAccessSignature.sign("broker.example/devices/ut-device", KEY, EXPIRY, null)
                        .token())
                .isEqualTo("SharedAccessSignature sr=broker.example%2Fdevices%2Fut-device"
                        + "&sig=gqgacRa%2FNHRRK0%2FCjw6CUls%2BkHtn3nhT2hrASNZQan0%3D&se=1700003600");
        assertThat(SharedAccessSignature.sign("0ne00000001/registrations/ut-device", KEY, EXPIRY, "registration")
                        .token())
                .isEqualTo("SharedAccessSignature sr=0ne00000001%2Fregistrations%2Fut-device"
                        + "&sig=cVu11JkJFpvaSoHu%2FJfxIzTR5AAZYtNitfA7oxPHKJg%3D&se=1700003600&skn=registration");
    }

    @Test
    void encodesTheResourceLikeTheVendor() {
        assertThat(SharedAccessSignature.sign("h/devices/d@v 1/x", KEY, EXPIRY, null)
                        .token())
                .contains("sr=h%2Fdevices%2Fd%40v%201%2Fx&");
    }

    @Test
    void acceptsARawResourceAndFieldsInAnyOrder() {
        // Azure's Java SDK sends the resource without encoding and an empty skn.
        String raw = "0ne00000001/registrations/ut-device";
        String sig = URLEncoder.encode(
                Base64.getEncoder().encodeToString(KEY.hmacSha256(raw + "\n1700003600")), StandardCharsets.UTF_8);

        SharedAccessSignature token =
                SharedAccessSignature.parse("SharedAccessSignature skn=&se=1700003600&sig=" + sig + "&sr=" + raw);

        assertThat(token.isSignedBy(KEY)).isTrue();
        assertThat(token.resourceUri()).isEqualTo(raw);
        assertThat(token.keyName()).contains("");
    }

    @Test
    void isExpiredFromItsExpiryOn() {
        SharedAccessSignature token = SharedAccessSignature.sign("a/registrations/b", KEY, EXPIRY, null);

        assertThat(token.isExpiredAt(EXPIRY.minusSeconds(1))).isFalse();
        assertThat(token.isExpiredAt(EXPIRY)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sr=a&sig=YQ%3D%3D&se=1",
                "SharedAccessSignature",
                "SharedAccessSignature ",
                "SharedAccessSignature sig=YQ%3D%3D&se=1",
                "SharedAccessSignature sr=a&se=1",
                "SharedAccessSignature sr=a&sig=YQ%3D%3D",
                "SharedAccessSignature sr=a&sig=YQ%3D%3D&se=1&extra=1",
                "SharedAccessSignature sr=a&sig=YQ%3D%3D&se=1&se=2",
                "SharedAccessSignature sr=a&sig=YQ%3D%3D&se=tomorrow",
                "SharedAccessSignature sr=a&sig=%%%&se=1",
                "SharedAccessSignature sr=%zz&sig=YQ%3D%3D&se=1",
                "SharedAccessSignature sr=a&sig=YQ%3D%3D&se=1&",
            })
    void refusesTextThatIsNotAToken(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> SharedAccessSignature.parse(text));
    }

    @Test
    void refusesASignatureThatIsNotUrlEncoded() {
        // A decoder reads a raw + as a space; only some signatures contain one.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedAccessSignature.parse("SharedAccessSignature sr=a&sig=ab+d&se=1"))
                .withMessageContaining("sig")
                .withMessageNotContaining("ab+d");
    }

    @Test
    void hidesItsSignatureInItsText() {
        assertThat(SharedAccessSignature.sign("a/registrations/b", KEY, EXPIRY, "registration"))
                .hasToString("SharedAccessSignature[sr=a%2Fregistrations%2Fb, se=1700003600]");
    }
}
