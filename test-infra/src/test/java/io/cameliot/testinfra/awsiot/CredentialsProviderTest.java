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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.credentials.RoleAlias;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription;
import io.cameliot.testinfra.awsiot.provisioning.Claimant;
import io.cameliot.testinfra.awsiot.provisioning.PreProvisioningHook.Decision;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.awsiot.provisioning.UnregisteredCertificate;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.net.TlsClient;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.SigningRequests;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsProviderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/role-aliases/telemetry/credentials";

    private final AwsIotEmulator aws = AwsIotEmulator.builder().build();
    private final IssuedCertificate device = aws.issueDevice("sensor-17");

    private record Answer(int status, String body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    @BeforeEach
    void start() {
        aws.roleAliases().create(RoleAlias.named("telemetry"));
        aws.start();
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void isAtTheEndpointOfTheAccount() {
        assertThat(aws.credentialsEndpoint()).isEqualTo("a1b2c3d4e5f6g7.credentials.iot.eu-west-1.amazonaws.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x-amzn-iot-thingname: sensor-17\r\n"})
    void givesADeviceCredentialsForAnHour(String header) throws Exception {
        Instant before = Instant.now();

        Answer answer = get(PATH, header);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode credentials = answer.json().get("credentials");
        assertThat(credentials.get("accessKeyId").textValue()).matches("ASIA[A-Z2-7]{16}");
        assertThat(credentials.get("secretAccessKey").textValue()).hasSize(40);
        assertThat(credentials.get("sessionToken").textValue()).hasSizeGreaterThan(500);
        assertThat(credentials.get("expiration").textValue()).matches("....-..-..T..:..:..Z");
        assertThat(Instant.parse(credentials.get("expiration").textValue()))
                .isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));
        assertThat(aws.roleAliases().issued())
                .extracting(IamCredentials::accessKeyId)
                .containsExactly(credentials.get("accessKeyId").textValue());
        assertThat(aws.receivedRequests())
                .extracting(ReceivedRequest::path, ReceivedRequest::status, ReceivedRequest::serverName)
                .containsExactly(tuple(PATH, 200, aws.credentialsEndpoint()));
    }

    @Test
    void takesSignaturesUntilTheCredentialsExpire() throws Exception {
        IamCredentials credentials = credentials(get(PATH, ""));

        assertThat(publishSigned(credentials).status()).isEqualTo(200);
        assertThat(upgradeSigned(credentials).status()).isEqualTo(101);
        assertThat(publishSigned(IamCredentials.permanent(credentials.accessKeyId(), credentials.secretAccessKey()))
                        .status())
                .as("without the session token")
                .isEqualTo(403);

        aws.advanceClock(Duration.ofHours(1));

        assertThat(publishSigned(credentials)).satisfies(refused -> {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("expired");
        });
        assertThat(upgradeSigned(credentials).status()).isEqualTo(403);
        assertThat(publishSigned(credentials(get(PATH, ""))).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"PT15M,100", "PT12H,3000"})
    void givesCredentialsAsTheRoleAliasSays(Duration lifetime, int tokenLength) throws Exception {
        aws.roleAliases()
                .create(RoleAlias.named("telemetry").withLifetime(lifetime).withSessionTokenLength(tokenLength));

        IamCredentials credentials = credentials(get(PATH, ""));

        assertThat(credentials.sessionToken().orElseThrow()).hasSize(tokenLength);
        assertThat(Duration.between(Instant.now(), credentials.expiration().orElseThrow()))
                .isBetween(lifetime.minusSeconds(30), lifetime);
    }

    @Test
    void deniesAThingThatIsNotTheCertificates() throws Exception {
        assertDenied(get(PATH, "x-amzn-iot-thingname: sensor-18\r\n"));
    }

    @Test
    void knowsTheThingOfAProvisionedCertificate() throws Exception {
        ProvisioningTemplate template =
                ProvisioningTemplate.named("factory").withThingName(parameters -> "provisioned-17");
        aws.provisioning().createTemplate(template);
        IssuedCertificate provisioned = provision(template);

        assertThat(get(provisioned, PATH, "x-amzn-iot-thingname: provisioned-17\r\n")
                        .status())
                .isEqualTo(200);
        assertDenied(get(provisioned, PATH, "x-amzn-iot-thingname: device\r\n"));
    }

    @Test
    void deniesWhatThePolicyDoesNotAllow() throws Exception {
        aws.policy(device.certificate(), DevicePolicy.ALLOW_ALL.deny(Action.ASSUME_ROLE, "telem*"));
        aws.roleAliases().create(RoleAlias.named("other"));

        assertDenied(get(PATH, ""));
        assertThat(get("/role-aliases/other/credentials", "").status()).isEqualTo(200);
    }

    @Test
    void deniesAClaim() throws Exception {
        IssuedCertificate claim = aws.provisioning().issueClaim(ProvisioningTemplate.named("factory"));

        assertDenied(get(claim, PATH, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/role-aliases/unknown/credentials", "/role-aliases/telemetry", "/", "/topics/x"})
    void findsNothingElse(String path) throws Exception {
        Answer answer = get(path, "");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().get("message").textValue()).isEqualTo("Not Found");
        assertThat(answer.json().get("traceId").textValue()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%zz", "telemetry%", "telemetry%4", "%u0074elemetry", "%"})
    void refusesAnAliasThatIsNotEncoded(String alias) throws Exception {
        long before = aws.events().refusals().last();

        Answer answer = get("/role-aliases/" + alias + "/credentials", "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("message").textValue()).isNotEmpty();
        assertThat(aws.roleAliases().issued()).isEmpty();
        await().untilAsserted(() -> assertThat(aws.events().refusals().after(before))
                .extracting(entry -> entry.event().rule())
                .containsExactly(AwsIotRule.HTTP_REQUEST));
    }

    @Test
    void decodesTheAlias() throws Exception {
        assertThat(get("/role-aliases/%74elemetr%79/credentials", "").status()).isEqualTo(200);
        assertThat(get("/role-aliases/telemetry%2Fcredentials", "").status()).isEqualTo(404);
    }

    @Test
    void isNotAtTheDataEndpoint() throws Exception {
        try (SSLSocket socket = connectToData()) {
            assertThat(exchange(socket, "GET", aws.endpoint(), PATH, Map.of(), "")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void findsNoDeletedRoleAlias() throws Exception {
        aws.roleAliases().delete("telemetry");

        assertThat(get(PATH, "").status()).isEqualTo(404);
    }

    @Test
    void failsAsATestWants() throws Exception {
        aws.faults().inject(new Fault.AnswerCredentials(503, "{\"message\":\"later\"}"), 2);

        for (int i = 0; i < 2; i++) {
            assertThat(get(PATH, "")).satisfies(answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).isEqualTo("{\"message\":\"later\"}");
            });
        }
        assertThat(get(PATH, "").status()).isEqualTo(200);
    }

    @Test
    void keepsItsConnectionOpenBetweenRequests() throws Exception {
        try (SSLSocket socket = connect(device)) {
            for (int i = 0; i < 2; i++) {
                send(socket, "GET " + PATH + " HTTP/1.1\r\nHost: " + aws.credentialsEndpoint() + "\r\n\r\n");
                assertThat(readLine(socket)).isEqualTo("HTTP/1.1 200 OK");
                int length = 0;
                for (String line = readLine(socket); !line.isEmpty(); line = readLine(socket)) {
                    if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(
                                line.substring(line.indexOf(':') + 1).trim());
                    }
                }
                assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
            }
        }
    }

    @Test
    void needsACertificateOfTheAccount() {
        IssuedCertificate stranger =
                TestCertificateAuthority.create("Stranger CA").issueDevice("sensor-17");

        assertThatThrownBy(() -> get(null, PATH, "")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> get(stranger, PATH, "")).isInstanceOf(IOException.class);
        assertThat(aws.roleAliases().issued()).isEmpty();
    }

    @Test
    void doesNotTakeADeactivatedCertificate() {
        aws.deactivate(device.certificate());

        assertThatThrownBy(() -> get(PATH, "")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(value = GatewayPort.class, names = "MULTIPLEXED_443", mode = EnumSource.Mode.EXCLUDE)
    void isOnPort443Only(GatewayPort port) {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), device);

        assertThatThrownBy(() -> client.connect("127.0.0.1", aws.port(port), aws.credentialsEndpoint()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unrecognized_name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", "h2", "x-amzn-http-ca"})
    void doesNotLookAtAlpn(String name) throws Exception {
        TlsClient client = TlsClient.trusting(aws.serverAuthority().certificate(), device);
        try (SSLSocket socket =
                client.connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.credentialsEndpoint(), name)) {
            assertThat(exchange(socket, "GET", aws.credentialsEndpoint(), PATH, Map.of(), "")
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "ä"})
    void refusesNamesThatAwsRefuses(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> RoleAlias.named(name));
    }

    private IssuedCertificate provision(ProvisioningTemplate template) throws Exception {
        KeyPair keys = KeyType.EC.generate();
        Claimant claimant = new Claimant(
                DeviceCertificates.certificateId(
                        aws.provisioning().issueClaim(template).certificate()),
                "any");
        UnregisteredCertificate created =
                aws.provisioning().createCertificateFromCsr(claimant, SigningRequests.of(keys, "CN=device"));
        aws.provisioning()
                .complete(
                        aws.provisioning()
                                .begin(
                                        claimant,
                                        template.name(),
                                        created.ownershipToken(),
                                        Map.of(ProvisioningTemplate.SERIAL_NUMBER, "17")),
                        Decision.allow());
        CertificateDescription description =
                aws.provisioning().certificates().find(created.certificateId()).orElseThrow();
        return new IssuedCertificate(keys.getPrivate(), List.of(description.certificate()));
    }

    /** The body has 27 bytes: that is all that some clients log of it. */
    private static void assertDenied(Answer answer) {
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"message\":\"Access Denied\"}").hasSize(27);
    }

    private static IamCredentials credentials(Answer answer) throws IOException {
        JsonNode credentials = answer.json().get("credentials");
        return IamCredentials.temporary(
                credentials.get("accessKeyId").textValue(),
                credentials.get("secretAccessKey").textValue(),
                credentials.get("sessionToken").textValue(),
                Instant.parse(credentials.get("expiration").textValue()));
    }

    private Answer publishSigned(IamCredentials credentials) throws IOException {
        String target = "/topics/readings?qos=1";
        Map<String, String> headers =
                new SigV4Signer(credentials, "eu-west-1", "iotdata").headers(aws.endpoint(), target, "x");
        try (SSLSocket socket = connectToData()) {
            return exchange(socket, "POST", aws.endpoint(), target, headers, "x");
        }
    }

    private Answer upgradeSigned(IamCredentials credentials) throws IOException {
        String target = new SigV4Signer(credentials, "eu-west-1", "iotdevicegateway").upgradeTarget(aws.endpoint());
        try (SSLSocket socket = connectToData()) {
            send(
                    socket,
                    "GET " + target + " HTTP/1.1\r\nHost: " + aws.endpoint()
                            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n");
            return new Answer(status(readLine(socket)), "");
        }
    }

    private SSLSocket connectToData() throws IOException {
        return TlsClient.trusting(aws.serverAuthority().certificate())
                .connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.endpoint());
    }

    private SSLSocket connect(IssuedCertificate identity) throws IOException {
        TlsClient client = identity == null
                ? TlsClient.trusting(aws.serverAuthority().certificate())
                : TlsClient.trusting(aws.serverAuthority().certificate(), identity);
        return client.connect("127.0.0.1", aws.port(GatewayPort.MULTIPLEXED_443), aws.credentialsEndpoint());
    }

    private Answer get(String path, String header) throws IOException {
        return get(device, path, header);
    }

    private Answer get(IssuedCertificate identity, String path, String header) throws IOException {
        Map<String, String> headers = header.isEmpty()
                ? Map.of()
                : Map.of(
                        header.substring(0, header.indexOf(':')),
                        header.substring(header.indexOf(':') + 1).trim());
        try (SSLSocket socket = connect(identity)) {
            return exchange(socket, "GET", aws.credentialsEndpoint(), path, headers, "");
        }
    }

    private static Answer exchange(
            SSLSocket socket, String method, String host, String target, Map<String, String> headers, String body)
            throws IOException {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        send(socket, request + "\r\n" + body);
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).contains("\r\n\r\n");
        int end = answer.indexOf("\r\n\r\n");
        return new Answer(status(answer), answer.substring(end + 4));
    }

    private static int status(String statusLine) {
        return Integer.parseInt(List.of(statusLine.split(" ")).get(1));
    }

    private static void send(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String readLine(SSLSocket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}
