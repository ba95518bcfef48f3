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

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The kamelets follow the conventions of the Camel Kamelet Catalog (script/validator of apache/camel-kamelets), and
 * describe the components' options in the words of the components' catalog.
 */
class KameletConventionsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([?]?)([A-Za-z0-9-._]+)(:[^}]*)?}}");

    /**
     * A kamelet file.
     *
     * @param file name of the file
     * @param yaml its content
     */
    record Kamelet(String file, JsonNode yaml) {

        String name() {
            return yaml.at("/metadata/name").asText();
        }

        String type() {
            return label("kamelet.type");
        }

        String label(String name) {
            return yaml.at("/metadata/labels").path("camel.apache.org/" + name).asText();
        }

        String annotation(String name) {
            return yaml.at("/metadata/annotations")
                    .path("camel.apache.org/" + name)
                    .asText();
        }

        JsonNode definition() {
            return yaml.at("/spec/definition");
        }

        Map<String, JsonNode> properties() {
            Map<String, JsonNode> properties = new TreeMap<>();
            definition()
                    .path("properties")
                    .fields()
                    .forEachRemaining(property -> properties.put(property.getKey(), property.getValue()));
            return properties;
        }

        List<String> required() {
            return texts(definition().path("required"));
        }

        /**
         * Returns the options that the template sets from exactly one property, by the property. A property in the
         * topic sets only a part of that option.
         */
        Map<String, String> optionOfEachProperty() {
            Map<String, String> options = new TreeMap<>();
            if (scheme().equals("awsiot-device")) {
                for (JsonNode uri : yaml.at("/spec/template").findValues("uri")) {
                    Matcher topic = PLACEHOLDER.matcher(uri.asText());
                    while (topic.find()) {
                        options.put(topic.group(2), "topic");
                    }
                }
            }
            yaml.at("/spec/template").findValue("parameters").fields().forEachRemaining(option -> {
                Matcher matcher = PLACEHOLDER.matcher(option.getValue().asText());
                if (matcher.matches()) {
                    // One of many values of an option with a prefix.
                    String name = option.getKey().replaceFirst("^parameter\\..*", "parameters");
                    options.put(matcher.group(2), name);
                }
            });
            return options;
        }

        String artifact() {
            return scheme().equals("azure-dps") ? "camel-azure-dps" : "camel-awsiot-device";
        }

        String scheme() {
            return Stream.of("azure-dps", "awsiot-provisioning")
                    .filter(name()::startsWith)
                    .findFirst()
                    .orElse("awsiot-device");
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static List<Kamelet> kamelets() throws IOException {
        Load yaml = new Load(LoadSettings.builder().build());
        ObjectMapper json = new ObjectMapper();
        List<Kamelet> kamelets = new ArrayList<>();
        for (String module : List.of("camel-awsiot-device", "camel-azure-dps")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(module).resolve("src/main/resources/kamelets"))) {
                for (Path file : files.sorted().toList()) {
                    kamelets.add(new Kamelet(
                            file.getFileName().toString(),
                            json.valueToTree(yaml.loadFromString(Files.readString(file)))));
                }
            }
        }
        return kamelets;
    }

    @Test
    void thereIsOneForEachUse() throws IOException {
        assertThat(kamelets())
                .extracting(Kamelet::name)
                .containsExactly(
                        "awsiot-command-source",
                        "awsiot-device-sink",
                        "awsiot-device-source",
                        "awsiot-job-source",
                        "awsiot-provisioning-action",
                        "awsiot-provisioning-source",
                        "awsiot-shadow-sink",
                        "awsiot-shadow-source",
                        "azure-dps-register-action",
                        "azure-dps-source");
        assertThat(kamelets())
                .extracting(kamelet -> kamelet.definition().path("title").asText())
                .doesNotHaveDuplicates();
        assertThat(kamelets())
                .extracting(kamelet -> kamelet.definition().path("description").asText())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void isInTheJarUnderItsName(Kamelet kamelet) {
        assertThat(kamelet.file()).isEqualTo(kamelet.name() + ".kamelet.yaml");
        assertThat(kamelet.type()).isIn("source", "sink", "action");
        assertThat(kamelet.name()).endsWith("-" + kamelet.type());
        URL resource = getClass().getResource("/kamelets/" + kamelet.file());
        assertThat(resource).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void isAnnotatedForTheCatalog(Kamelet kamelet) throws IOException {
        assertThat(kamelet.annotation("catalog.version")).isEqualTo(projectVersion());
        assertThat(kamelet.annotation("kamelet.support.level")).isIn("Stable", "Preview", "Experimental");
        assertThat(kamelet.annotation("provider")).isEqualTo("Camel IoT");
        assertThat(kamelet.annotation("kamelet.group")).isNotBlank();
        assertThat(kamelet.annotation("kamelet.namespace")).isNotBlank();
        String icon = kamelet.annotation("kamelet.icon");
        assertThat(icon).startsWith("data:image/svg+xml;base64,");
        assertThat(new String(
                        Base64.getDecoder().decode(icon.substring(icon.indexOf(',') + 1)), StandardCharsets.UTF_8))
                .startsWith("<svg")
                .endsWith("</svg>");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void isDefinedInFull(Kamelet kamelet) {
        JsonNode definition = kamelet.definition();
        assertThat(definition.path("type").asText()).isEqualTo("object");
        assertThat(definition.path("description").asText()).isNotBlank();
        assertThat(definition.path("title").asText()).endsWithIgnoringCase(" " + kamelet.type());
        assertThat(kamelet.required())
                .doesNotHaveDuplicates()
                .isSubsetOf(kamelet.properties().keySet());
        assertThat(kamelet.properties()).allSatisfy((name, property) -> {
            assertThat(property.path("type").asText()).isIn("string", "integer", "boolean");
            assertThat(property.path("description").asText()).matches("[A-Z0-9].*\\.");
            assertThat(property.path("title").asText())
                    .isNotBlank()
                    .doesNotStartWith("The ")
                    .doesNotStartWith("A ")
                    .doesNotStartWith("An ");
            assertThat(property.path("title").asText().split(" "))
                    .allMatch(word -> word.equals("of") || Character.isUpperCase(word.charAt(0)));
        });
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void usesEveryPropertyAndNoOther(Kamelet kamelet) {
        Set<String> used = new LinkedHashSet<>();
        Matcher matcher =
                PLACEHOLDER.matcher(kamelet.yaml().at("/spec/template").toString());
        while (matcher.find()) {
            String name = matcher.group(2);
            used.add(name);
            boolean mayBeMissing = !matcher.group(1).isEmpty() || matcher.group(3) != null;
            boolean hasValue = kamelet.required().contains(name)
                    || kamelet.properties().get(name).has("default");
            assertThat(mayBeMissing).as("{{?%s}}", name).isNotEqualTo(hasValue);
        }
        assertThat(used)
                .containsExactlyInAnyOrderElementsOf(kamelet.properties().keySet());
    }

    /** Camel looks up a missing property in the environment by its upper-case name. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void namesNoPropertyAsSystemsNameTheirVariables(Kamelet kamelet) {
        assertThat(kamelet.properties().keySet())
                .doesNotContain("host", "hostname", "password", "path", "port", "region", "token", "user", "username");
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void bringsItsDependencies(Kamelet kamelet) throws IOException {
        assertThat(texts(kamelet.yaml().at("/spec/dependencies")))
                .containsExactly("camel:kamelet", "mvn:io.cameliot:" + kamelet.artifact() + ":" + projectVersion());
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void isConnectedAsItsTypeAsks(Kamelet kamelet) {
        JsonNode from = kamelet.yaml().at("/spec/template/from");
        if (kamelet.type().equals("source")) {
            JsonNode steps = from.path("steps");
            assertThat(steps.get(steps.size() - 1).path("to").asText()).isEqualTo("kamelet:sink");
        } else {
            assertThat(from.path("uri").asText()).isEqualTo("kamelet:source");
        }
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void saysOfOptionsWhatTheComponentSays(Kamelet kamelet) throws Exception {
        ComponentModel component = JsonMapper.generateComponentModel(catalogJson(kamelet.scheme()));
        Map<String, ComponentModel.EndpointOptionModel> options = new TreeMap<>();
        component.getEndpointOptions().forEach(option -> options.put(option.getName(), option));
        Map<String, String> optionOf = kamelet.optionOfEachProperty();
        assertThat(kamelet.properties()).allSatisfy((name, property) -> {
            ComponentModel.EndpointOptionModel option = options.get(optionOf.getOrDefault(name, name));
            assertThat(option).as("option %s of %s", name, kamelet.scheme()).isNotNull();
            boolean secret = property.path("format").asText().equals("password");
            assertThat(secret).as("secret %s", name).isEqualTo(option.isSecret());
            if (secret) {
                assertThat(texts(property.path("x-descriptors"))).contains("urn:camel:group:credentials");
            }
            if (property.has("default") && option.getDefaultValue() != null) {
                assertThat(property.path("default").asText())
                        .isEqualTo(option.getDefaultValue().toString());
            }
            if (property.has("enum")) {
                assertThat(texts(property.path("enum"))).isSubsetOf(option.getEnums());
            }
        });
        Set<String> headers = new LinkedHashSet<>();
        kamelet.yaml().at("/spec/dataTypes").findValues("headers").forEach(found -> found.fieldNames()
                .forEachRemaining(headers::add));
        assertThat(component.getEndpointHeaders())
                .extracting(ComponentModel.EndpointHeaderModel::getName)
                .containsAll(headers);
    }

    @Test
    void everyKameletOfTheDeviceKnowsTheSameWaysToAuthenticate() throws Exception {
        Set<String> secure = new LinkedHashSet<>();
        JsonMapper.generateComponentModel(catalogJson("awsiot-device")).getEndpointOptions().stream()
                .filter(option -> option.getLabel().contains("security"))
                .forEach(option -> secure.add(option.getName()));
        Map<String, Set<String>> known = new TreeMap<>();
        for (Kamelet kamelet : kamelets()) {
            if (kamelet.scheme().equals("awsiot-device")) {
                Set<String> options =
                        new TreeSet<>(kamelet.optionOfEachProperty().values());
                options.retainAll(secure);
                known.put(kamelet.name(), options);
            }
        }
        Set<String> all = known.get("awsiot-device-source");
        assertThat(all).contains("certificateFile", "accessKey", "roleAlias", "authorizerName");
        assertThat(known).hasSize(6).allSatisfy((name, options) -> assertThat(options)
                .isEqualTo(all));
    }

    private static String catalogJson(String scheme) throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            return Catalogs.json(camel, scheme);
        }
    }

    private static String projectVersion() throws IOException {
        Matcher version =
                Pattern.compile("<version>(.*?)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }
}
