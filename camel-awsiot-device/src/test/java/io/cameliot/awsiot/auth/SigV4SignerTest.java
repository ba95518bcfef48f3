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
package io.cameliot.awsiot.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

class SigV4SignerTest {

    private static final AwsCredentialsIdentity CREDENTIALS =
            AwsCredentialsIdentity.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static final String HOST = "a1b2c3d4e5f6g7-ats.iot.us-west-2.amazonaws.com";
    private static final byte[] BODY = "{\"message\":\"Hello, world\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void signsTheWebSocketUpgradeAsOtherSignersDo() {
        // botocore's SigV4QueryAuth and an independent signer agree on this value.
        assertThat(signer("us-west-2", "iotdevicegateway", "2015-08-30T12:36:00Z")
                        .presignedPath(HOST, 443, "/mqtt", CREDENTIALS))
                .startsWith("/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256&")
                .contains("X-Amz-Signature=fda7f8c8954a16884f9efd75f4b4f72b74ab8863b836bbc3b02a41c51064b846")
                .contains("X-Amz-SignedHeaders=host&");
    }

    @Test
    void appendsTheSessionTokenWithoutSigningIt() {
        SigV4Signer signer = signer("us-west-2", "iotdevicegateway", "2015-08-30T12:36:00Z");
        AwsCredentialsIdentity session = AwsSessionCredentialsIdentity.create(
                CREDENTIALS.accessKeyId(), CREDENTIALS.secretAccessKey(), "a token/with+signs==");

        assertThat(signer.presignedPath(HOST, 443, "/mqtt", session))
                .isEqualTo(signer.presignedPath(HOST, 443, "/mqtt", CREDENTIALS)
                        + "&X-Amz-Security-Token=a%20token%2Fwith%2Bsigns%3D%3D");
    }

    @Test
    void signsAPortOtherThan443AsPartOfTheHost() {
        SigV4Signer signer = signer("us-west-2", "iotdevicegateway", "2015-08-30T12:36:00Z");

        assertThat(signer.presignedPath(HOST, 8443, "/mqtt", CREDENTIALS))
                .isNotEqualTo(signer.presignedPath(HOST, 443, "/mqtt", CREDENTIALS))
                .isEqualTo(signer.presignedPath(HOST + ":8443", 443, "/mqtt", CREDENTIALS));
    }

    private static SigV4Signer signer(String region, String service, String time) {
        return new SigV4Signer(region, service, Clock.fixed(Instant.parse(time), ZoneOffset.UTC));
    }
}
