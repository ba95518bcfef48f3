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

import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.crt.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.crt.auth.signing.AwsSigner;
import software.amazon.awssdk.crt.auth.signing.AwsSigningConfig;
import software.amazon.awssdk.crt.http.HttpHeader;
import software.amazon.awssdk.crt.http.HttpRequest;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Signs with AWS's own signers, the SDK's for HTTPS and the CRT's for WebSocket. The emulator verifies with its own
 * code.
 */
final class SigV4Signer {
    private final IamCredentials credentials;
    private final String region;
    private final String service;

    SigV4Signer(IamCredentials credentials, String region, String service) {
        this.credentials = credentials;
        this.region = region;
        this.service = service;
    }

    /** The headers to add to a POST; the client adds {@code Host}. */
    Map<String, String> headers(String host, String target, String body) {
        SignedRequest signed = AwsV4HttpSigner.create().sign(request -> request.identity(identity())
                .request(SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create("https://" + host + target))
                        .build())
                .payload(ContentStreamProvider.fromString(body, StandardCharsets.UTF_8))
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service));
        Map<String, String> headers = new HashMap<>();
        signed.request().forEachHeader((name, values) -> headers.put(name, values.get(0)));
        headers.keySet().removeIf("Host"::equalsIgnoreCase);
        return headers;
    }

    /** The path and query of a signed WebSocket upgrade. A session token is appended after signing. */
    String upgradeTarget(String host) {
        try (StaticCredentialsProvider provider = crtCredentials();
                AwsSigningConfig config = new AwsSigningConfig()) {
            config.setAlgorithm(AwsSigningConfig.AwsSigningAlgorithm.SIGV4);
            config.setSignatureType(AwsSigningConfig.AwsSignatureType.HTTP_REQUEST_VIA_QUERY_PARAMS);
            config.setRegion(region);
            config.setService(service);
            config.setCredentialsProvider(provider);
            config.setOmitSessionToken(true);
            HttpRequest upgrade =
                    new HttpRequest("GET", "/mqtt", new HttpHeader[] {new HttpHeader("Host", host)}, null);
            return AwsSigner.signRequest(upgrade, config)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join()
                    .getEncodedPath();
        }
    }

    private StaticCredentialsProvider crtCredentials() {
        StaticCredentialsProvider.StaticCredentialsProviderBuilder builder =
                new StaticCredentialsProvider.StaticCredentialsProviderBuilder()
                        .withAccessKeyId(credentials.accessKeyId().getBytes(StandardCharsets.UTF_8))
                        .withSecretAccessKey(credentials.secretAccessKey().getBytes(StandardCharsets.UTF_8));
        credentials.sessionToken().ifPresent(token -> builder.withSessionToken(token.getBytes(StandardCharsets.UTF_8)));
        return builder.build();
    }

    private AwsCredentialsIdentity identity() {
        return credentials.sessionToken().isEmpty()
                ? withoutToken()
                : AwsSessionCredentialsIdentity.create(
                        credentials.accessKeyId(),
                        credentials.secretAccessKey(),
                        credentials.sessionToken().get());
    }

    private AwsCredentialsIdentity withoutToken() {
        return AwsCredentialsIdentity.create(credentials.accessKeyId(), credentials.secretAccessKey());
    }
}
