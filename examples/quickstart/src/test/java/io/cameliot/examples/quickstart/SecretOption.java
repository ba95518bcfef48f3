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
package io.cameliot.examples.quickstart;

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An option that holds a secret, with a recognizable value and the options that it needs.
 *
 * @param scheme the scheme of the component
 * @param name the name of the option
 * @param value the value of the option
 * @param mark the part of the value that the test searches for
 * @param companions the other options that an endpoint needs
 */
record SecretOption(String scheme, String name, String value, String mark, Map<String, String> companions) {

    private static final String AWS = "awsiot-device";
    private static final String PROVISIONING = "awsiot-provisioning";
    private static final String DPS = "azure-dps";
    private static final String MARK = "zQ7kX9vT2mB4wLp8";

    /** The characters before the mark reveal a mask that ends too early. */
    private static final String PASSWORD = "a&b+c%d" + MARK + "=#e";

    private static final String PROXY = "http://127.0.0.1:1";
    private static final String ENDPOINT = "a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";

    /** Returns all options that this test has a value for. Another test checks that there are no others. */
    static List<SecretOption> all(Path folder) throws IOException, GeneralSecurityException {
        TestCertificateAuthority authority = TestCertificateAuthority.create("CA");
        IssuedCertificate device = authority.issueDevice("device");
        IssuedCertificate.CertificateFiles files = device.writeTo(folder, "device");
        Path encryptedKey = Files.writeString(
                folder.resolve("encrypted.key.pem"), device.privateKeyPem(KeyFormat.PKCS8, MARK.toCharArray()));
        Path keyStore = folder.resolve("device.p12");
        try (OutputStream out = Files.newOutputStream(keyStore)) {
            device.keyStore(MARK.toCharArray(), "PKCS12").store(out, MARK.toCharArray());
        }
        String certificate = files.certificate().toString();
        String key = "base64:"
                + Base64.getEncoder()
                        .encodeToString(Files.readString(files.privateKey()).getBytes(StandardCharsets.US_ASCII));
        Map<String, String> x509 = Map.of(
                "certificateFile",
                certificate,
                "privateKeyFile",
                files.privateKey().toString());

        Map<String, String> sigV4 = Map.of(
                "protocol",
                "wss",
                "authentication",
                "sigv4",
                "accessKey",
                "AKIDEXAMPLE",
                "secretKey",
                "notSecretAtAll");
        Map<String, String> custom = Map.of(
                "protocol",
                "wss",
                "authentication",
                "custom",
                "tokenKeyName",
                "key",
                "token",
                "a",
                "tokenSignature",
                "b");
        Map<String, String> login = Map.of("authentication", "custom", "username", "a", "password", "b");
        Map<String, String> sharedKey = Map.of("sharedAccessKey", base64("notSecretAtAll"));
        Map<String, String> groupKey =
                Map.of("authentication", "groupKey", "groupSharedAccessKey", base64("notSecretAtAll"));

        return Stream.of(
                        Stream.of(
                                aws("accessKey", MARK, sigV4),
                                aws("secretKey", (MARK + "a/b+" + "c".repeat(40)).substring(0, 40), sigV4),
                                aws("sessionToken", base64(MARK), sigV4),
                                aws("token", PASSWORD, custom),
                                aws("tokenSignature", base64(MARK), custom),
                                aws("username", PASSWORD, login),
                                aws("password", PASSWORD, login),
                                new SecretOption(
                                        DPS,
                                        "sasToken",
                                        "SharedAccessSignature sr=0ne00000001%2Fregistrations%2Fdevice&sig=" + MARK
                                                + "%3D&se=4102444800&skn=registration",
                                        MARK,
                                        Map.of("authentication", "sasToken")),
                                dps("sharedAccessKey", base64(MARK), sharedKey),
                                dps("secondarySharedAccessKey", base64(MARK), sharedKey),
                                dps("groupSharedAccessKey", base64(MARK), groupKey),
                                dps("secondaryGroupSharedAccessKey", base64(MARK), groupKey)),
                        Stream.of(AWS, PROVISIONING, DPS).flatMap(scheme -> {
                            Map<String, String> certified =
                                    scheme.equals(DPS) ? with(x509, "authentication", "x509") : x509;
                            return Stream.of(
                                    new SecretOption(scheme, "privateKeyFile", key, key.substring(100, 140), certified),
                                    new SecretOption(
                                            scheme,
                                            "privateKeyPassword",
                                            MARK,
                                            MARK,
                                            with(certified, "privateKeyFile", encryptedKey.toString())),
                                    new SecretOption(
                                            scheme,
                                            "keyStorePassword",
                                            MARK,
                                            MARK,
                                            !scheme.equals(DPS)
                                                    ? Map.of("keyStoreFile", keyStore.toString())
                                                    : Map.of(
                                                            "authentication",
                                                            "x509",
                                                            "keyStoreFile",
                                                            keyStore.toString())),
                                    new SecretOption(
                                            scheme, "proxy", "http://me:" + MARK + "@127.0.0.1:1", MARK, certified),
                                    new SecretOption(
                                            scheme, "proxyUsername", PASSWORD, MARK, with(certified, "proxy", PROXY)),
                                    new SecretOption(
                                            scheme,
                                            "proxyPassword",
                                            PASSWORD,
                                            MARK,
                                            with(with(certified, "proxy", PROXY), "proxyUsername", "me")));
                        }))
                .flatMap(options -> options)
                .map(option -> option.with("caFile", certificate))
                .toList();
    }

    private static SecretOption aws(String name, String value, Map<String, String> companions) {
        return new SecretOption(AWS, name, value, MARK, companions);
    }

    private static SecretOption dps(String name, String value, Map<String, String> companions) {
        return new SecretOption(DPS, name, value, MARK, companions);
    }

    /** Returns base64 text of 32 bytes that starts with the given base64 characters. */
    private static String base64(String start) {
        return (start + "+/".repeat(22)).substring(0, 43).replaceAll(".$", "A") + "=";
    }

    private static Map<String, String> with(Map<String, String> options, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(name, value);
        return more;
    }

    private SecretOption with(String option, String value) {
        return new SecretOption(scheme, name, this.value, mark, with(companions, option, value));
    }

    /** Returns the path of the route's endpoint: a topic or a device. */
    String path() {
        return switch (scheme) {
            case AWS -> "out";
            case PROVISIONING -> "factory";
            default -> "0ne00000001/device";
        };
    }

    /** Returns all options except the secret, for an address without a listener. */
    Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>(
                switch (scheme) {
                    case AWS -> Map.of("endpoint", ENDPOINT, "awaitConnection", "never", "publishTimeout", "50");
                    case PROVISIONING ->
                        Map.of(
                                "endpoint",
                                ENDPOINT,
                                "maxRetries",
                                "0",
                                "identityDirectory",
                                companions.get("caFile") + "-identity");
                    default -> Map.of("maxRetries", "0");
                });
        options.put("connectTo", "127.0.0.1:1");
        options.putAll(companions);
        options.remove(name);
        return options;
    }

    /** Returns whether the option can be part of a URI without RAW(), where Camel decodes values more than once. */
    boolean isPlain() {
        return !value.startsWith("SharedAccessSignature");
    }

    /** Returns the value for a URI without RAW(). */
    String plainValue() {
        return URLEncoder.encode(value.equals(PASSWORD) ? mark : value, StandardCharsets.UTF_8);
    }

    /** Returns options that fail in different ways: unknown, wrong type, out of range. */
    List<Map.Entry<String, String>> wrongOptions() {
        return List.of(
                Map.entry("nonsuch", "1"),
                scheme.equals(PROVISIONING)
                        ? Map.entry("keyAlgorithm", "handshake")
                        : Map.entry("authentication", "handshake"),
                switch (scheme) {
                    case AWS -> Map.entry("qos", "7");
                    case PROVISIONING -> Map.entry("maxRetries", "-1");
                    default -> Map.entry("apiVersion", "newest");
                });
    }

    /** Returns the mark as text and in base64 at every offset in the encoded data. */
    List<String> traces() {
        byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
        return Stream.concat(Stream.of(mark), IntStream.range(0, 3).mapToObj(start -> {
                    int length = (bytes.length - start) / 3 * 3;
                    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, start, start + length));
                }))
                .collect(Collectors.toList());
    }

    @Override
    public String toString() {
        return scheme + " " + name;
    }
}
