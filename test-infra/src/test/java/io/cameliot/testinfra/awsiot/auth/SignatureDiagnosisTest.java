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
package io.cameliot.testinfra.awsiot.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cameliot.testinfra.awsiot.auth.SigV4Signature.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client's mistake is found by the signature alone, because the verifier tries the usual ones. */
class SignatureDiagnosisTest {
    private static final String SECRET = "a secret";
    private static final Scope SCOPE = new Scope("AKID", "20150830", "eu-west-1", "iotdata");
    private static final String DATE = "20150830T123600Z";
    private static final String BODY = "body";

    private final SigV4Verifier verifier =
            new SigV4Verifier("eu-west-1", Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC));

    SignatureDiagnosisTest() {
        verifier.register(IamCredentials.permanent("AKID", SECRET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /topics/a | host | body | ''",
                "GET  | /topics/a | host | body | the method. The client signs GET and sends POST",
                "POST | /topics/a | host:443 | body | the header host. The client signs host:443 and sends host",
                "POST | /topics/a | host | ''   | the hash of the body. The client signs an empty body and sends 4 bytes",
                "POST | /other    | host | body | another secret access key than that of AKID",
            })
    void findsThePartThatDiffers(String method, String target, String host, String body, String expected) {
        String signature = sign(new SignedRequest(
                method,
                target,
                Map.of("host", List.of(host), "x-amz-date", List.of(DATE)),
                body.getBytes(StandardCharsets.UTF_8)));

        SigV4RejectedException rejected =
                catchThrowableOfType(SigV4RejectedException.class, () -> verifier.verify(sent("/topics/a", signature)));

        if (expected.isEmpty()) {
            assertThat(rejected).isNull();
        } else {
            assertThat(rejected.detail().get()).contains(expected);
        }
    }

    @Test
    void showsTheCanonicalRequestWithoutTheSessionToken() {
        verifier.register(IamCredentials.temporary("AKID", SECRET, "the token", Instant.MAX));
        SignedRequest request = new SignedRequest(
                "POST",
                "/topics/a",
                Map.of(
                        "host", List.of("host"),
                        "x-amz-date", List.of(DATE),
                        "x-amz-security-token", List.of("the token"),
                        "authorization", List.of(authorization("host;x-amz-date;x-amz-security-token", "00"))),
                BODY.getBytes(StandardCharsets.UTF_8));

        SigV4RejectedException rejected =
                catchThrowableOfType(SigV4RejectedException.class, () -> verifier.verify(request));

        assertThat(rejected.detail().get())
                .contains("POST\n/topics/a\n", "host:host", "x-amz-security-token:(masked)")
                .doesNotContain("the token", SECRET);
    }

    private static SignedRequest sent(String target, String signature) {
        return new SignedRequest(
                "POST",
                target,
                Map.of(
                        "host", List.of("host"),
                        "x-amz-date", List.of(DATE),
                        "authorization", List.of(authorization("host;x-amz-date", signature))),
                BODY.getBytes(StandardCharsets.UTF_8));
    }

    private static String authorization(String signedHeaders, String signature) {
        return "AWS4-HMAC-SHA256 Credential=AKID/20150830/eu-west-1/iotdata/aws4_request, SignedHeaders="
                + signedHeaders + ", Signature=" + signature;
    }

    private static String sign(SignedRequest request) {
        return SigV4Signature.compute(request, List.of("host", "x-amz-date"), parameter -> true, DATE, SCOPE, SECRET);
    }
}
