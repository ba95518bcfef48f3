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
package io.cameliot.benchmarks.inner;

import io.cameliot.awsiot.auth.SigV4Signer;
import io.cameliot.awsiot.protocol.ConnectionProfile;
import io.cameliot.awsiot.protocol.DeviceAuthentication;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.protocol.ProfileResolver;
import io.cameliot.awsiot.topic.TopicRules;
import io.cameliot.azure.dps.attestation.SasToken;
import io.cameliot.azure.dps.attestation.SymmetricKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** Parts that need no connection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InnerParts {

    private static final String HOST = "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";

    private final SigV4Signer signer = new SigV4Signer("eu-west-1", "iotdevicegateway", Clock.systemUTC());
    private final AwsCredentialsIdentity credentials =
            AwsCredentialsIdentity.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private final SymmetricKey key =
            SymmetricKey.parse("sharedAccessKey", Base64.getEncoder().encodeToString(new byte[64]));
    private final Instant expiry = Instant.now().plus(Duration.ofHours(1));
    private final byte[] body = new byte[256];

    /** Once per route. */
    @Benchmark
    public ConnectionProfile resolveProfile() {
        return ProfileResolver.resolve(DeviceProtocol.mqtt, DeviceAuthentication.x509, 8883);
    }

    /** Once per message if its topic differs from the previous one's. */
    @Benchmark
    public void checkTopicName() {
        TopicRules.requireTopicName("factory/hall-7/press-12/telemetry/temperature");
    }

    /** Once per subscription. */
    @Benchmark
    public void checkTopicFilter() {
        TopicRules.requireTopicFilter("$share/group/factory/+/press-12/#");
    }

    /** Once per WebSocket connection. */
    @Benchmark
    public String presignWebSocket() {
        return signer.presignedPath(HOST, 443, "/mqtt", credentials);
    }

    /** Once per publish request over HTTPS. */
    @Benchmark
    public Map<String, List<String>> signPublishRequest() {
        return signer.signedHeaders(
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .protocol("https")
                        .host(HOST)
                        .port(443)
                        .encodedPath("/topics/factory%2Ftelemetry")
                        .rawQueryParameters(Map.of("qos", List.of("1")))
                        .build(),
                body,
                credentials);
    }

    /** Once per registration of a device of an enrollment group. */
    @Benchmark
    public SasToken deriveKeyAndSignSas() {
        return SasToken.forRegistration("0ne00000001", "press-12", key.derive("press-12"), expiry);
    }
}
