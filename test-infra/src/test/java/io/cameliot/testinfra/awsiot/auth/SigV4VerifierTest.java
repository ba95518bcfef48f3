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
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The test vectors are from AWS's own test of its first IoT SDK for Java and from botocore, not from the code under
 * test.
 */
class SigV4VerifierTest {
    private static final String ACCESS_KEY = "AKIDEXAMPLE";
    private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String HOST = "a1b2c3d4e5f6g7-ats.iot.us-west-2.amazonaws.com";
    private static final Instant SIGNED_AT = Instant.parse("2015-08-30T12:36:00Z");
    private static final String TOKEN = "AQoDYXdzEPT//////////wEXAMPLE+tok/en==";
    private static final String QUERY = "X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-west-2%2Fiotdevicegateway%2Faws4_request"
            + "&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host";
    private static final String SIGNATURE = "91d73851fa1984b84552640d8fde953b31f2b8892550334424826d3a3cece2ef";
    private static final byte[] NO_BODY = new byte[0];

    @Test
    void acceptsThePublishedTestUrlOfAws() throws Exception {
        SigV4Verifier verifier = verifier("us-east-1", Instant.parse("2016-01-01T00:00:00Z"));
        verifier.register(IamCredentials.permanent("123", "456"));

        Principal principal = verifier.verify(upgrade(
                "hostname.iot.us-east-1.amazonaws.com:443",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=123%2F20160101%2Fus-east-1%2Fiotdata%2Faws4_request"
                        + "&X-Amz-Date=20160101T000000Z&X-Amz-SignedHeaders=host"
                        + "&X-Amz-Signature=08b80c7273fa6c9d8bd815081c80e60818f2bf974213993a1cd4463a5785b1ce"));

        assertThat(principal).isEqualTo(new Principal(Principal.Authentication.SIGV4, "123"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 91d73851fa1984b84552640d8fde953b31f2b8892550334424826d3a3cece2ef",
        "&X-Amz-Expires=86400, fda7f8c8954a16884f9efd75f4b4f72b74ab8863b836bbc3b02a41c51064b846"
    })
    void acceptsASignedUpgrade(String more, String signature) {
        assertThatCode(() -> known(SIGNED_AT).verify(upgrade(HOST, QUERY + more + "&X-Amz-Signature=" + signature)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "iotdevicegateway, cc06d604d614a2bbfae6469f923e63177baca9184df49026b7c4af35a72bb200",
        "iotdata, b4ee1251830e38f3ac32ad6f95982a606976707e1891848c3664d4d1e73d4647"
    })
    void acceptsASignedPublish(String service, String signature) {
        assertThatCode(() -> known(SIGNED_AT).verify(publish(service, "host;x-amz-date", signature, Map.of())))
                .doesNotThrowAnyException();
    }

    @Test
    void acceptsASessionTokenThatIsASignedHeader() {
        SigV4Verifier verifier = verifier("us-west-2", SIGNED_AT);
        verifier.register(IamCredentials.temporary(ACCESS_KEY, SECRET_KEY, TOKEN, SIGNED_AT.plusSeconds(3600)));
        String target = "/topics/device%2Fmessage"
                + "?contentType=application%2Fjson&messageExpiry=60&qos=1&responseTopic=reply%2Fto&retain=true";

        assertThatCode(() -> verifier.verify(publish(
                        target,
                        "iotdevicegateway",
                        "host;x-amz-date;x-amz-security-token",
                        "d0356a3ed9f673717d44a2e6e5fd08a972a9b7764656eff08fff46804db68bc7",
                        Map.of("X-Amz-Security-Token", TOKEN))))
                .doesNotThrowAnyException();
    }

    @Test
    void acceptsASessionTokenAppendedAfterSigning() {
        SigV4Verifier verifier = verifier("us-west-2", SIGNED_AT);
        verifier.register(IamCredentials.temporary(ACCESS_KEY, SECRET_KEY, TOKEN, SIGNED_AT.plusSeconds(3600)));
        String appended =
                QUERY + "&X-Amz-Signature=" + SIGNATURE + "&X-Amz-Security-Token=" + UriEncoding.encode(TOKEN);

        assertThatCode(() -> verifier.verify(upgrade(HOST, appended))).doesNotThrowAnyException();
    }

    @Test
    void refusesAWrongMissingOrUnexpectedSessionToken() {
        SigV4Verifier temporary = verifier("us-west-2", SIGNED_AT);
        temporary.register(IamCredentials.temporary(ACCESS_KEY, SECRET_KEY, TOKEN, SIGNED_AT.plusSeconds(3600)));
        String signed = QUERY + "&X-Amz-Signature=" + SIGNATURE;

        assertRejected(temporary, upgrade(HOST, signed), "invalid");
        assertRejected(temporary, upgrade(HOST, signed + "&X-Amz-Security-Token=other"), "invalid");
        assertRejected(known(SIGNED_AT), upgrade(HOST, signed + "&X-Amz-Security-Token=any"), "invalid");
    }

    @Test
    void refusesAnUnsignedSessionTokenHeader() {
        SigV4Verifier verifier = verifier("us-west-2", SIGNED_AT);
        verifier.register(IamCredentials.temporary(ACCESS_KEY, SECRET_KEY, TOKEN, SIGNED_AT.plusSeconds(3600)));

        assertRejected(
                verifier,
                publish(
                        "iotdevicegateway",
                        "host;x-amz-date",
                        "cc06d604d614a2bbfae6469f923e63177baca9184df49026b7c4af35a72bb200",
                        Map.of("x-amz-security-token", TOKEN)),
                "must be signed");
    }

    @Test
    void refusesExpiredCredentials() {
        SigV4Verifier verifier = verifier("us-west-2", SIGNED_AT);
        verifier.register(IamCredentials.temporary(ACCESS_KEY, SECRET_KEY, TOKEN, SIGNED_AT));

        assertRejected(
                verifier,
                upgrade(
                        HOST,
                        QUERY + "&X-Amz-Signature=" + SIGNATURE + "&X-Amz-Security-Token=" + UriEncoding.encode(TOKEN)),
                "expired");
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, 0, 299, 300})
    void allowsFiveMinutesOfClockSkew(long seconds) {
        SigV4Verifier verifier = known(SIGNED_AT.plusSeconds(seconds));

        assertThatCode(() -> verifier.verify(upgrade(HOST, QUERY + "&X-Amz-Signature=" + SIGNATURE)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"301, Signature expired: 20150830T123600Z", "-301, Signature not yet current: 20150830T123600Z"})
    void refusesMoreThanFiveMinutesOfClockSkew(long seconds, String message) {
        assertRejected(
                known(SIGNED_AT.plus(Duration.ofSeconds(seconds))),
                upgrade(HOST, QUERY + "&X-Amz-Signature=" + SIGNATURE),
                message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a1b2c3d4e5f6g7-ats.iot.us-west-2.amazonaws.com:443", "other.example.com"})
    void refusesAHostThatDiffersFromTheSignedOne(String host) {
        assertRejected(known(SIGNED_AT), upgrade(host, QUERY + "&X-Amz-Signature=" + SIGNATURE), "does not match");
    }

    @Test
    void refusesABodyThatDiffersFromTheSignedOne() {
        SignedRequest signed = publish(
                "iotdevicegateway",
                "host;x-amz-date",
                "cc06d604d614a2bbfae6469f923e63177baca9184df49026b7c4af35a72bb200",
                Map.of());
        SignedRequest changed = new SignedRequest(
                signed.method(), signed.target(), signed.headers(), "{}".getBytes(StandardCharsets.UTF_8));

        assertRejected(known(SIGNED_AT), changed, "does not match");
    }

    @Test
    void refusesASignatureOfAnotherKey() {
        SigV4Verifier verifier = verifier("us-west-2", SIGNED_AT);
        verifier.register(IamCredentials.permanent(ACCESS_KEY, "another secret"));

        assertRejected(verifier, upgrade(HOST, QUERY + "&X-Amz-Signature=" + SIGNATURE), "does not match");
    }

    @Test
    void refusesAnUnknownOrRemovedKey() {
        SigV4Verifier verifier = known(SIGNED_AT);
        verifier.forget(ACCESS_KEY);

        assertRejected(verifier, upgrade(HOST, QUERY + "&X-Amz-Signature=" + SIGNATURE), "invalid");
    }

    @ParameterizedTest
    @CsvSource({
        "us-west-2, us-east-1, us-east-1",
        "iotdevicegateway, execute-api, execute-api",
        "20150830%2F, 20150829%2F, does not match YYYYMMDD",
        "aws4_request, aws3_request, exactly 5",
        "X-Amz-SignedHeaders=host, X-Amz-SignedHeaders=accept, does not match",
        "20150830T123600Z, yesterday, ISO-8601",
        "X-Amz-Date=20150830T123600Z&, '', X-Amz-Date"
    })
    void refusesAMalformedSignature(String part, String replacement, String message) {
        String query = (QUERY + "&X-Amz-Signature=" + SIGNATURE).replace(part, replacement);

        assertRejected(known(SIGNED_AT), upgrade(HOST, query), message);
    }

    @Test
    void recognizesSignedRequests() {
        assertThat(SigV4Verifier.isSigned(upgrade(HOST, QUERY + "&X-Amz-Signature=wrong")))
                .isTrue();
        assertThat(SigV4Verifier.isSigned(publish("iotdata", "host", "wrong", Map.of())))
                .isTrue();
        assertThat(SigV4Verifier.isSigned(upgrade(HOST, "token=value"))).isFalse();
    }

    private static void assertRejected(SigV4Verifier verifier, SignedRequest request, String message) {
        assertThatThrownBy(() -> verifier.verify(request))
                .isInstanceOf(SigV4RejectedException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(SECRET_KEY);
    }

    private static SigV4Verifier known(Instant now) {
        SigV4Verifier verifier = verifier("us-west-2", now);
        verifier.register(IamCredentials.permanent(ACCESS_KEY, SECRET_KEY));
        return verifier;
    }

    private static SigV4Verifier verifier(String region, Instant now) {
        return new SigV4Verifier(region, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static SignedRequest upgrade(String host, String query) {
        return new SignedRequest("GET", "/mqtt?" + query, Map.of("Host", List.of(host)), NO_BODY);
    }

    private static SignedRequest publish(
            String service, String signedHeaders, String signature, Map<String, String> more) {
        return publish("/topics/device%2Fmessage?qos=1", service, signedHeaders, signature, more);
    }

    private static SignedRequest publish(
            String target, String service, String signedHeaders, String signature, Map<String, String> more) {
        Map<String, List<String>> headers = new HashMap<>(Map.of(
                "Host",
                List.of(HOST),
                "X-Amz-Date",
                List.of("20150830T123600Z"),
                "Authorization",
                List.of("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-west-2/" + service
                        + "/aws4_request, SignedHeaders=" + signedHeaders + ", Signature=" + signature)));
        more.forEach((name, value) -> headers.put(name, List.of(value)));
        return new SignedRequest(
                "POST", target, headers, "{\"message\":\"Hello, world\"}".getBytes(StandardCharsets.UTF_8));
    }
}
