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
package io.cameliot.awsiot.https;

import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.awsiot.auth.SigV4Identity;
import io.cameliot.awsiot.auth.X509Identity;
import io.cameliot.awsiot.settings.ConnectionSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Creates the {@link PublishAuthorizer} for each kind of identity. */
final class PublishAuthorizers {

    private PublishAuthorizers() {}

    static PublishAuthorizer of(ConnectionSettings settings) {
        if (settings.identity() instanceof SigV4Identity identity) {
            return new Signing(settings, identity);
        }
        if (settings.identity() instanceof CustomIdentity identity) {
            return new Adding(identity.headers());
        }
        if (settings.identity() instanceof X509Identity) {
            return new Adding(Map.of());
        }
        throw new IllegalArgumentException("Unknown identity " + settings.identity());
    }

    private record Adding(Map<String, String> added) implements PublishAuthorizer {

        @Override
        public CompletableFuture<Void> ready() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean mayBlock() {
            return false;
        }

        @Override
        public Map<String, List<String>> headers(HttpCall call, Map<String, List<String>> headers) {
            Map<String, List<String>> all = new LinkedHashMap<>(headers);
            added.forEach((name, value) -> all.put(name, List.of(value)));
            return all;
        }

        @Override
        public void close() {
            // There is nothing to close.
        }
    }

    private static final class Signing implements PublishAuthorizer {

        private final ConnectionSettings settings;
        private final SigV4Identity identity;
        private final AwsCredentialsProvider credentials;

        Signing(ConnectionSettings settings, SigV4Identity identity) {
            this.settings = settings;
            this.identity = identity;
            this.credentials = identity.credentials().open();
        }

        @Override
        public CompletableFuture<Void> ready() {
            return identity.credentials().ready();
        }

        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        public Map<String, List<String>> headers(HttpCall call, Map<String, List<String>> headers) {
            return identity.signer()
                    .signedHeaders(
                            SdkHttpRequest.builder()
                                    .method(SdkHttpMethod.fromValue(
                                            call.method().name()))
                                    .protocol("https")
                                    .host(settings.endpoint())
                                    .port(settings.address().port())
                                    .encodedPath(call.path())
                                    .rawQueryParameters(call.query())
                                    .headers(headers)
                                    .build(),
                            call.payload(),
                            identity.credentials().resolve(credentials));
        }

        @Override
        public void close() {
            identity.credentials().close(credentials);
        }
    }
}
