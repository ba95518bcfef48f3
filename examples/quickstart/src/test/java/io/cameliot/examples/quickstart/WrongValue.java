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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.tooling.model.BaseOptionModel;

/**
 * A value that an option cannot have.
 *
 * @param value as it is meant, without any encoding
 * @param allowed what the message says of the allowed values
 * @param companions the other options of the endpoint
 */
record WrongValue(
        String scheme, BaseOptionModel option, String value, Pattern allowed, Map<String, String> companions) {

    /** Where a secret is to be seen by mistake, this is. */
    static final String MARK = "zQ7kX9vT2mB4wLp8";

    private static final String AWS = "awsiot-device";
    private static final String PROVISIONING = "awsiot-provisioning";
    private static final String DPS = "azure-dps";

    private static final String ENDPOINT = "a1b2c3-ats.iot.eu-west-1.amazonaws.com";
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final Map<String, String> X509 =
            Map.of("certificateFile", "device.pem", "privateKeyFile", "device.key");
    private static final Map<String, String> SIGV4 = Map.of(
            "protocol", "wss", "authentication", "sigv4", "accessKey", "a", "secretKey", "b", "sessionToken", "c");
    private static final Map<String, String> CUSTOM =
            Map.of("authentication", "custom", "tokenKeyName", "key", "token", "a", "username", "b", "password", "c");
    private static final Map<String, String> ROLE = with(
            X509,
            "protocol",
            "wss",
            "authentication",
            "sigv4",
            "roleAlias",
            "role",
            "credentialsEndpoint",
            "c1d2e3.credentials.iot.eu-west-1.amazonaws.com");
    private static final Map<String, String> SHARED_KEY = Map.of("sharedAccessKey", KEY);
    private static final Map<String, String> GROUP_KEY =
            Map.of("authentication", "groupKey", "groupSharedAccessKey", KEY);
    private static final Map<String, String> STORE = Map.of("keyStoreFile", "device.p12", "keyStorePassword", "a");
    private static final Map<String, String> PROXY = Map.of("proxy", "http://127.0.0.1:1", "proxyUsername", "a");

    /** Texts of which every value is possible, or which only the server or a file can tell from a wrong one. */
    private static final Set<String> FREE =
            Set.of("willPayload", "willCorrelationData", "keyAlias", "profileCredentialsName");

    private static final String FILES = "give a path, or file:, classpath: or base64:";
    private static final String HOST = "is not a host name";

    /** The other texts: a wrong value, and what the message says of right ones. */
    private static final Map<String, List<String>> TEXTS = new HashMap<>();

    /** What options need beside them, where it is not a certificate or a key. */
    private static final Map<String, Map<String, String>> COMPANIONS = new HashMap<>();

    static {
        TEXTS.put("topic", List.of("a/#/b", "must be the last level|wildcard"));
        TEXTS.put("idScope", List.of("0ne_1", "1 to 64 letters and digits"));
        TEXTS.put("registrationId", List.of("dev_", "1 to 128 letters"));
        TEXTS.put("template", List.of("a b", "1 to 36 letters"));
        TEXTS.put("clientId", List.of("$x", "1 to 128 bytes and not start with"));
        TEXTS.put("endpoint", List.of("wr ong", HOST));
        TEXTS.put("serviceHost", List.of("https://h", "a host name"));
        TEXTS.put("credentialsEndpoint", List.of("wr ong", HOST));
        TEXTS.put("outboxDirectory", List.of("a\0b", "no path of a directory|that a URI cannot have"));
        TEXTS.put("identityDirectory", List.of("a\0b", "no path of a directory|that a URI cannot have"));
        TEXTS.put("assignmentStore", List.of("here", "file: and the path of a directory"));
        TEXTS.put("alpn", List.of("x".repeat(256), "auto, none, or a name of 1 to 255 bytes"));
        TEXTS.put("connectTo", List.of("localhost", "host:port with a port from 1 to 65535"));
        TEXTS.put("willTopic", List.of("a/#", "wildcard"));
        TEXTS.put("willResponseTopic", List.of("a/#", "wildcard"));
        TEXTS.put("willContentType", List.of("a\1b", "MQTT servers close the connection|that a URI cannot have"));
        TEXTS.put("authorizerName", List.of("caf\u00e9", "give the name as the authorizer has it"));
        TEXTS.put("tokenKeyName", List.of("a b", "give the name as the authorizer has it"));
        TEXTS.put("region", List.of("Eu West!", "the name of an AWS region, such as eu-west-1"));
        TEXTS.put("roleAlias", List.of("a/b", "the name of a role alias"));
        TEXTS.put("thingName", List.of("a/b", "the name of a thing"));
        TEXTS.put("apiVersion", List.of("latest", "a version such as 2019-03-31"));
        TEXTS.put("webSocketPath", List.of("mqtt", "a path that begins with /"));
        TEXTS.put("caFile", List.of("ftp:x", FILES));
        TEXTS.put("certificateFile", List.of("ftp:x", FILES));
        TEXTS.put("keyStoreFile", List.of("ftp:x", FILES));
        TEXTS.put("privateKeyFile", List.of("-----BEGIN " + MARK, "the path of a file that holds it, or base64:"));
        TEXTS.put(
                "proxy", List.of("http://" + MARK + ":" + MARK + "@h", "give http://host:port or socks5://host:port"));
        TEXTS.put("sasToken", List.of(MARK, "Copy the whole token|SharedAccessSignature"));
        Stream.of(
                        "sharedAccessKey",
                        "secondarySharedAccessKey",
                        "groupSharedAccessKey",
                        "secondaryGroupSharedAccessKey")
                .forEach(key -> TEXTS.put(key, List.of(MARK + "!", "base64")));

        COMPANIONS.put("willContentType", Map.of("willTopic", "w"));
        COMPANIONS.put("willResponseTopic", Map.of("willTopic", "w"));
        COMPANIONS.put("willMessageExpiry", Map.of("willTopic", "w"));
        COMPANIONS.put("sessionExpiry", Map.of("clientId", "c", "cleanSession", "false"));
        COMPANIONS.put("outboxDirectory", Map.of("outbox", "file", "clientId", "c"));
        COMPANIONS.put("proxyUsername", PROXY);
        COMPANIONS.put("proxyPassword", PROXY);
        COMPANIONS.put("keyStoreFile", STORE);
        COMPANIONS.put("keyStorePassword", STORE);
        Stream.of("accessKey", "secretKey", "sessionToken", "region").forEach(option -> COMPANIONS.put(option, SIGV4));
        Stream.of("authorizerName", "tokenKeyName", "token", "tokenSignature", "username", "password")
                .forEach(option -> COMPANIONS.put(option, CUSTOM));
        Stream.of("roleAlias", "thingName", "credentialsEndpoint").forEach(option -> COMPANIONS.put(option, ROLE));
        Stream.of("groupSharedAccessKey", "secondaryGroupSharedAccessKey")
                .forEach(option -> COMPANIONS.put(option, GROUP_KEY));
        COMPANIONS.put("sasToken", Map.of("authentication", "sasToken"));
    }

    /**
     * Returns wrong values of an option.
     *
     * @return none if every value is possible
     * @throws IllegalStateException for a new option whose values nobody has thought of
     */
    static Stream<WrongValue> of(String scheme, BaseOptionModel option) {
        return switch (option.getType()) {
            case "enum" -> Stream.of(wrong(scheme, option, "wrong", String.join(", ", option.getEnums())));
            case "boolean" -> Stream.of(wrong(scheme, option, "perhaps", "not true or false"));
            case "integer" ->
                Stream.of(
                        wrong(scheme, option, "many", "whole number"),
                        wrong(scheme, option, "99999999999", "whole number"),
                        wrong(scheme, option, "-1", "at least|between|it has "));
            case "duration" ->
                Stream.of(
                        wrong(scheme, option, "soon", "500ms, 30s, 5m"),
                        wrong(scheme, option, "5x", "500ms, 30s, 5m"),
                        wrong(scheme, option, "-1", "at least|between|more than|less than"));
            case "object" -> Stream.of(wrong(scheme, option, "wrong", "in the registry|<name>=<value>"));
            default -> text(scheme, option);
        };
    }

    private static Stream<WrongValue> text(String scheme, BaseOptionModel option) {
        List<String> text = TEXTS.get(option.getName());
        if (text != null) {
            return Stream.of(wrong(scheme, option, text.get(0), text.get(1)));
        }
        if (option.isSecret()) {
            return Stream.of(wrong(
                    scheme, option, MARK + "\7" + MARK, "copy the secret again, as one line|that a URI cannot have"));
        }
        if (FREE.contains(option.getName())) {
            return Stream.of();
        }
        throw new IllegalStateException("Option " + option.getName() + " of " + scheme
                + " is new: give TEXTS a wrong value" + " of it and what its error says, or add it to FREE");
    }

    private static WrongValue wrong(String scheme, BaseOptionModel option, String value, String allowed) {
        Map<String, String> base = COMPANIONS.getOrDefault(option.getName(), Map.of());
        boolean certificate = scheme.equals(DPS)
                ? option.getName().matches("certificateFile|privateKey.*|keyStore.*")
                : !base.containsKey("authentication");
        Map<String, String> all = new TreeMap<>(base);
        if (certificate) {
            all.putAll(base.equals(STORE) ? Map.of() : X509);
            if (scheme.equals(DPS)) {
                all.put("authentication", "x509");
            }
        } else if (scheme.equals(DPS) && !base.containsKey("authentication")) {
            all.putAll(SHARED_KEY);
        }
        if (!scheme.equals(DPS)) {
            all.put("endpoint", ENDPOINT);
        }
        if (scheme.equals(PROVISIONING)) {
            all.put("identityDirectory", "identity");
        }
        all.remove(option.getName());
        return new WrongValue(scheme, option, value, Pattern.compile(allowed), all);
    }

    /** Returns the path of the endpoint, which has the value where it is one of the path. */
    String path() {
        return switch (option.getName()) {
            case "topic", "template", "idScope" -> value;
            case "registrationId" -> "0ne00000001/" + value;
            default ->
                switch (scheme) {
                    case AWS -> "a";
                    case PROVISIONING -> "factory";
                    default -> "0ne00000001/device";
                };
        };
    }

    /** Returns the options of the endpoint with the wrong one. */
    Map<String, String> parameters() {
        Map<String, String> all = new TreeMap<>(companions);
        if (!option.getKind().equals("path")) {
            all.put(option.getName(), value);
        }
        return all;
    }

    @Override
    public String toString() {
        return scheme + " " + option.getName() + (option.isSecret() ? "" : "=" + value.replaceAll("\\p{Cntrl}", "?"));
    }

    private static Map<String, String> with(Map<String, String> options, String... more) {
        Map<String, String> all = new TreeMap<>(options);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }
}
