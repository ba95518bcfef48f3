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

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.MainHelper;
import org.apache.camel.main.SimpleMain;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.apache.camel.util.OrderedLocationProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The error for a wrong value of an option, whichever way it came, names the option, the value unless it is a secret,
 * and the allowed values. The error for an option that does not exist names the one that was meant. All errors are
 * written to {@code target/option-errors.txt}, to be read side by side.
 */
class OptionErrorsTest {

    /** An error names the character instead. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private static final Set<String> REPORT = new TreeSet<>();

    private final CamelContext camel = new DefaultCamelContext();

    /** The ways to give an option to an endpoint. */
    enum Way {
        PRODUCER,
        CONSUMER,
        YAML_PRODUCER,
        YAML_CONSUMER
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @AfterAll
    static void writeReport() throws IOException {
        Files.write(Path.of("target", "option-errors.txt"), REPORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device", "awsiot-provisioning", "azure-dps"})
    void sayOptionAndValueAndWhatIsAllowedInARoute(String scheme) {
        camel.start();
        List<WrongValue> wrongValues = model(scheme).getEndpointOptions().stream()
                .flatMap(option -> WrongValue.of(scheme, option))
                .toList();
        List<String> poor = new ArrayList<>();
        for (WrongValue wrong : wrongValues) {
            // The others differ from these in what nameTheOptionThatWasMeantAndNotItsValue looks at.
            for (Way way : List.of(Way.PRODUCER, Way.YAML_CONSUMER)) {
                Throwable failure = catchThrowable(() -> addRoute(way, scheme, wrong.path(), wrong.parameters()));
                poor.addAll(shortcomings(wrong, way.name(), failure));
            }
        }

        assertThat(wrongValues).hasSizeGreaterThan(30);
        assertThat(poor).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device", "awsiot-provisioning", "azure-dps"})
    void sayOptionAndValueAndWhatIsAllowedInAProperty(String scheme) {
        camel.start();
        List<WrongValue> wrongValues = model(scheme).getComponentOptions().stream()
                .flatMap(option -> WrongValue.of(scheme, option))
                .toList();
        List<String> poor = new ArrayList<>();
        for (WrongValue wrong : wrongValues) {
            Throwable failure = catchThrowable(() -> {
                setProperties(scheme, wrong.parameters());
                camel.getEndpoint(scheme + ":" + wrong.path());
            });
            poor.addAll(shortcomings(wrong, "PROPERTY", failure));
            camel.removeComponent(scheme);
        }

        assertThat(wrongValues).hasSizeGreaterThan(30);
        assertThat(poor).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "awsiot-device, clientld, clientId",
        "awsiot-device, certificatFile, certificateFile",
        "awsiot-device, keepAliveIntervall, keepAliveInterval",
        "awsiot-device, secertKey, secretKey",
        "awsiot-device, pasword, password",
        "awsiot-device, proxi, proxy",
        "awsiot-provisioning, endpiont, endpoint",
        "awsiot-provisioning, identityDir, identityDirectory",
        "awsiot-provisioning, privateKeyPasword, privateKeyPassword",
        "azure-dps, maxRetry, maxRetries",
        "azure-dps, sharedAcessKey, sharedAccessKey",
        "azure-dps, sasTokn, sasToken",
        "azure-dps, nonsuchOption, ''",
    })
    void nameTheOptionThatWasMeantAndNotItsValue(String scheme, String name, String meant) throws Exception {
        camel.start();
        BaseOptionModel option = new BaseOptionModel() {};
        option.setName(name);
        option.setKind("parameter");
        option.setType("boolean");
        option.setSecret(true);
        WrongValue unknown = WrongValue.of(scheme, option).findFirst().orElseThrow();
        Map<String, String> parameters = new TreeMap<>(unknown.companions());
        parameters.put(name, WrongValue.MARK);
        for (Way way : Way.values()) {
            Throwable failure = catchThrowable(() -> addRoute(way, scheme, unknown.path(), parameters));

            assertNamed(failure, way.name(), scheme, name, meant);
            boolean mayBeSecret = secrets(scheme).contains(meant);
            assertThat(messages(failure)).as(way.name()).allSatisfy(message -> assertThat(
                            message.contains("has no option") && !mayBeSecret
                                    ? message.substring(message.indexOf("has no option"))
                                    : message)
                    .doesNotContain(WrongValue.MARK));
        }
        SimpleMain main = new SimpleMain(new DefaultCamelContext());
        main.addInitialProperty("camel.component." + scheme + "." + name, "x");
        assertNamed(catchThrowable(main::start), "PROPERTY", scheme, name, meant);
        main.stop();
    }

    /** Does what camel-main does with {@code camel.component.<scheme>.*}, without a start of Camel for each value. */
    private void setProperties(String scheme, Map<String, String> properties) {
        OrderedLocationProperties located = new OrderedLocationProperties();
        properties.forEach((option, value) -> located.put("test", option, value));
        MainHelper.setPropertiesOnTarget(
                camel,
                camel.getComponent(scheme),
                located,
                "camel.component." + scheme,
                true,
                true,
                new OrderedLocationProperties());
    }

    private static void assertNamed(Throwable failure, String way, String scheme, String name, String meant) {
        String expected = "The component " + scheme + " has no option " + name
                + (meant.isEmpty() ? "" : " (did you mean " + meant + "?)");
        assertThat(messages(failure)).as(way).anyMatch(message -> message.contains(expected));
        REPORT.add(scheme + " " + name + " (unknown) " + way + ": "
                + messages(failure).get(0));
    }

    private Set<String> secrets(String scheme) {
        return camel.getCamelContextExtension().getEndpointUriFactory(scheme).secretPropertyNames();
    }

    /** Returns what is wrong with an error; nothing if it is all right. */
    private static List<String> shortcomings(WrongValue wrong, String way, Throwable failure) {
        List<String> messages = messages(failure);
        String name = wrong.option().getName();
        boolean isSecret = wrong.option().isSecret();
        REPORT.add(wrong + " " + way + ": " + (messages.isEmpty() ? "ACCEPTED" : messages.get(messages.size() - 1)));
        boolean told = messages.stream()
                .anyMatch(message -> message.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))
                        && (isSecret
                                || CONTROL.matcher(wrong.value()).find()
                                || message.contains(ForeignText.shown(wrong.value())))
                        && wrong.allowed().matcher(message).find());
        boolean shown = isSecret && messages.stream().anyMatch(message -> message.contains(WrongValue.MARK));
        return told && !shown
                ? List.of()
                : List.of(wrong + " by " + way + (shown ? " shows the value" : "") + ": "
                        + String.join("\n    ", messages));
    }

    private static List<String> messages(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause)
                .map(t -> String.valueOf(t.getMessage()))
                .toList();
    }

    private ComponentModel model(String scheme) {
        return JsonMapper.generateComponentModel(Catalogs.json(camel, scheme));
    }

    private void addRoute(Way way, String scheme, String path, Map<String, String> parameters) throws Exception {
        switch (way) {
            case PRODUCER, CONSUMER -> {
                String uri = scheme + ":" + path
                        + parameters.entrySet().stream()
                                .map(entry -> entry.getKey() + "="
                                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                                .collect(joining("&", "?", ""));
                camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        if (way == Way.CONSUMER) {
                            from(uri).to("log:out");
                        } else {
                            from("direct:in").to(uri);
                        }
                    }
                });
            }
            case YAML_PRODUCER ->
                loadYaml(
                        """
                    - route:
                        from:
                          uri: direct:in
                          steps:
                            - to:
                    """
                                + endpoint(scheme + ":" + path, parameters).indent(12));
            case YAML_CONSUMER ->
                loadYaml("""
                    - route:
                        from:
                    """
                        + endpoint(scheme + ":" + path, parameters).indent(6)
                        + "      steps:\n        - log: in\n");
        }
    }

    private static String endpoint(String uri, Map<String, String> parameters) {
        return "uri: " + quoted(uri) + "\nparameters:\n"
                + parameters.entrySet().stream()
                        .map(entry -> "  " + entry.getKey() + ": " + quoted(entry.getValue()) + "\n")
                        .collect(joining());
    }

    /** Returns a YAML string in double quotes. */
    private static String quoted(String text) {
        return text.chars()
                .mapToObj(c -> c < ' ' ? String.format("\\x%02x", c) : String.valueOf((char) c))
                .collect(joining("", "\"", "\""));
    }

    private void loadYaml(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString("errors.yaml", yaml));
    }
}
