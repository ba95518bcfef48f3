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

import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Signs requests to the device gateway with AWS Signature Version 4. Uses the AWS SDK's signer.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html">AWS IoT Developer Guide,
 *     Protocols, port mappings, and authentication</a>
 */
public final class SigV4Signer {

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    /**
     * An expiry makes the signer presign. Without one it would sign a header that an upgrade request does not send. The
     * value is the usual one; AWS IoT Core limits the validity of a signature to minutes whatever the value.
     */
    private static final Duration EXPIRY = Duration.ofDays(1);

    private final String region;
    private final String service;
    private final Clock clock;

    /**
     * Creates a signer.
     *
     * @param region AWS region, such as eu-west-1
     * @param service signing name: {@code iotdevicegateway}, or {@code iotdata}, which the service accepts too
     * @param clock the clock that gives the time of the signature
     */
    public SigV4Signer(String region, String service, Clock clock) {
        this.region = region;
        this.service = service;
        this.clock = clock;
    }

    /**
     * Returns the path and the signed query of a WebSocket upgrade request. The session token follows the signature and
     * is not signed: AWS IoT Core refuses a request with a signed token.
     *
     * @param host host name
     * @param port port; the signed Host header contains it unless it is 443
     */
    public String presignedPath(String host, int port, String path, AwsCredentialsIdentity credentials) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .protocol("https")
                .host(host)
                .port(port)
                .encodedPath(path)
                .build();
        AwsCredentialsIdentity withoutToken =
                AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey());
        SdkHttpRequest signed = SIGNER.sign(sign -> sign.identity(withoutToken)
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, EXPIRY)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request();
        String query = signed.encodedQueryParameters().orElseThrow();
        if (credentials instanceof AwsSessionCredentialsIdentity session) {
            query += "&X-Amz-Security-Token=" + SdkHttpUtils.urlEncode(session.sessionToken());
        }
        return path + "?" + query;
    }

    /**
     * Returns the headers that authorize an HTTPS request. A session token is one of the signed headers.
     *
     * @param request the request without these headers, on the endpoint's own host; its path segments are URL-encoded
     *     once
     */
    public Map<String, List<String>> signedHeaders(
            SdkHttpRequest request, byte[] body, AwsCredentialsIdentity credentials) {
        return SIGNER.sign(sign -> sign.identity(credentials)
                        .request(request)
                        .payload(() -> new ByteArrayInputStream(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request()
                .headers();
    }
}
