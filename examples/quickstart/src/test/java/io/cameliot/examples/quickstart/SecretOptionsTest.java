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
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cameliot.testinfra.log.CapturedLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.apache.camel.util.SensitiveUtils;
import org.apache.camel.util.URISupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A secret option appears nowhere, regardless of the way to set it and of the failure. */
class SecretOptionsTest {

    /**
     * The same levels that users are asked to set for an issue report. Loggers that resolve properties show all of them
     * at DEBUG.
     */
    private static final Map<String, String> LEVELS = Map.of(
            "io.cameliot", "trace",
            "org.apache.camel", "debug",
            "org.apache.camel.main", "info",
            "org.apache.camel.component.properties", "info",
            "org.apache.camel.impl.engine.DefaultCamelContextExtension", "info");

    /**
     * All consoles that show endpoints and components. The consoles of sources and of properties show their content
     * unchanged, including secrets (docs/operations.md).
     */
    private static final List<String> DEV_CONSOLES = List.of(
            "bean",
            "consumer",
            "context",
            "endpoint",
            "event",
            "health",
            "inflight",
            "processor",
            "producer",
            "route",
            "service",
            "variables");

    private static final Pattern LOOKS_SECRET = Pattern.compile("(?i)password|secret|token|key|user|credential|proxy");

    private static final Set<String> NOT_SECRET = Set.of(
            "willUserProperties",
            "keyAlias",
            "keyStoreFile",
            "keyAlgorithm",
            "keyGeneration",
            "keepAliveInterval",
            "tokenKeyName",
            "sasTokenTimeToLive",
            "profileCredentialsName",
            "credentialsEndpoint",
            "credentialsProvider",
            "useDefaultCredentialsProvider");

    @TempDir
    private static Path folder;

    private static List<SecretOption> options;

    private final SimpleMain main = new SimpleMain(new DefaultCamelContext());

    /** The ways to give an option. */
    enum Way {
        URI,
        RAW,
        YAML,
        VAULT,
        COMPONENT_PROPERTY;

        String property(SecretOption option) {
            return switch (this) {
                case COMPONENT_PROPERTY -> "camel.component." + option.scheme() + "." + option.name();
                default -> null;
            };
        }

        String valueInUri(SecretOption option) {
            return switch (this) {
                case URI -> option.plainValue();
                case RAW -> "RAW(" + option.value() + ")";
                case YAML -> option.value();
                case COMPONENT_PROPERTY -> null;
                case VAULT -> "RAW({{vault:password}})";
            };
        }
    }

    @BeforeAll
    static void makeSecrets() throws Exception {
        options = SecretOption.all(folder);
    }

    @AfterEach
    void stopMain() {
        main.stop();
    }

    static Stream<Arguments> optionsAndWays() {
        return options.stream()
                .flatMap(option -> Stream.of(
                        Arguments.of(option, EnumSet.range(option.isPlain() ? Way.URI : Way.RAW, Way.VAULT)),
                        Arguments.of(option, EnumSet.of(Way.COMPONENT_PROPERTY))));
    }

    @ParameterizedTest
    @MethodSource("optionsAndWays")
    void areSeenNowhere(SecretOption option, Set<Way> ways) throws Exception {
        Map<String, String> seen = new LinkedHashMap<>();
        try (CapturedLog log = CapturedLog.at(LEVELS)) {
            start(option, ways);
            ProducerTemplate template = main.getCamelContext().createProducerTemplate();
            for (Way way : ways) {
                for (Map.Entry<String, String> wrong : option.wrongOptions()) {
                    Map<String, String> all = option.options();
                    all.put(wrong.getKey(), wrong.getValue());
                    Throwable failure = catchThrowable(() -> addRoute(option, way, all));

                    assertThat(failure).hasStackTraceContaining(wrong.getKey());
                    seen.put("exception of " + way + " beside " + wrong, text(failure));
                }
                addRoute(option, way, option.options());
                Throwable failure = catchThrowable(() -> template.sendBody("direct:" + way, "x"));

                assertThat(failure).isNotNull();
                seen.put("exception of " + way + " without a server", text(failure));
            }
            seen.putAll(texts(main.getCamelContext()));
            template.stop();
            main.stop();
            seen.put("log", log.text());
        }
        assertThat(seen.get("log")).contains("127.0.0.1:1");
        assertNoneShows(option, seen);
    }

    @Test
    void areAllThatTheCatalogsMarkAndAllWhoseNamesSaySo() throws Exception {
        main.start();
        for (String scheme : List.of("awsiot-device", "awsiot-provisioning", "azure-dps")) {
            List<? extends BaseOptionModel> catalog = JsonMapper.generateComponentModel(
                            Catalogs.json(main.getCamelContext(), scheme))
                    .getEndpointOptions();
            assertThat(catalog)
                    .filteredOn(BaseOptionModel::isSecret)
                    .extracting(BaseOptionModel::getName)
                    .containsExactlyInAnyOrderElementsOf(options.stream()
                            .filter(option -> option.scheme().equals(scheme))
                            .map(SecretOption::name)
                            .toList());
            assertThat(catalog)
                    .extracting(BaseOptionModel::getName)
                    .filteredOn(LOOKS_SECRET.asPredicate())
                    .filteredOn(Predicate.not(NOT_SECRET::contains))
                    .allMatch(name -> options.stream()
                            .anyMatch(option -> option.scheme().equals(scheme)
                                    && option.name().equals(name)));
        }
    }

    @Test
    void haveCamelMaskWhatItDoesNotKnowOfItself() throws Exception {
        main.start();
        CamelContext camel = main.getCamelContext();
        camel.getComponent("azure-dps");
        camel.getComponent("awsiot-device");

        assertThat(camel.getCamelContextExtension().getAdditionalSensitiveKeywords())
                .contains(options.stream()
                        .map(SecretOption::name)
                        .filter(name -> !SensitiveUtils.containsSensitive(name))
                        .collect(toCollection(TreeSet::new)));
        assertThat(URISupport.sanitizeUri("x:a?sasToken=s3cr3t&tokenSignature=s3cr3t"
                        + "&proxy=http%3A%2F%2Fuser%3As3cr3t%40h%3A1&qos=1"))
                .doesNotContain("s3cr3t")
                .contains("qos=1");
    }

    @Test
    void leaveTheUsersOwnKeywordsAlone() throws Exception {
        main.addInitialProperty("camel.main.additionalSensitiveKeywords", "pin");
        main.start();

        main.getCamelContext().getComponent("azure-dps");

        assertThat(main.getCamelContext().getCamelContextExtension().getAdditionalSensitiveKeywords())
                .isEqualTo("pin");
    }

    private void start(SecretOption option, Set<Way> ways) {
        for (Way way : ways) {
            if (way.property(option) != null) {
                main.addInitialProperty(way.property(option), option.value());
            }
        }
        main.getCamelContext().getPropertiesComponent().addPropertiesFunction(new Vault(option.value()));
        main.addInitialProperty("camel.health.producers-enabled", "true");
        main.start();
    }

    private void addRoute(SecretOption option, Way way, Map<String, String> others) throws Exception {
        Map<String, String> all = new TreeMap<>(others);
        if (way.valueInUri(option) != null) {
            all.put(option.name(), way.valueInUri(option));
        }
        String endpoint = option.scheme() + ":" + option.path();
        CamelContext camel = main.getCamelContext();
        if (way == Way.YAML) {
            String parameters = all.entrySet().stream()
                    .map(entry -> "            " + entry.getKey() + ": '" + entry.getValue() + "'\n")
                    .collect(joining());
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.fromString(
                            "secret.yaml",
                            """
                            - route:
                                from:
                                  uri: direct:%s
                                  steps:
                                    - to:
                                        uri: %s
                                        parameters:
                            """
                                            .formatted(way, endpoint)
                                    + parameters.indent(4)));
            return;
        }
        String query = all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(joining("&"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + way).to(endpoint + "?" + query);
            }
        });
    }

    /** Returns everything that a running context reveals about itself. */
    private static Map<String, String> texts(CamelContext camel) throws JMException {
        Map<String, String> texts = new LinkedHashMap<>();
        camel.getEndpoints().forEach(endpoint -> texts.put("endpoint " + endpoint, endpoint.toString()));
        camel.getRoutes().forEach(route -> texts.put("route " + route.getId(), route + " " + route.getServices()));
        camel.getComponentNames()
                .forEach(name ->
                        texts.put("component " + name, camel.hasComponent(name).toString()));
        for (HealthCheck.Result result : HealthCheckHelper.invoke(camel, "full")) {
            texts.put(
                    "health check " + result.getCheck().getId(),
                    result.getMessage() + " " + result.getDetails() + " "
                            + result.getError().map(SecretOptionsTest::text).orElse(""));
        }
        DevConsoleRegistry consoles = camel.getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class);
        for (String name : DEV_CONSOLES) {
            DevConsole console = consoles.resolveById(name);
            for (DevConsole.MediaType type : DevConsole.MediaType.values()) {
                texts.put("dev console " + name + " " + type, String.valueOf(console.call(type)));
            }
        }
        texts.putAll(managed(camel));
        return texts;
    }

    private static Map<String, String> managed(CamelContext camel) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        Map<String, String> texts = new TreeMap<>();
        for (ObjectName name : server.queryNames(
                new ObjectName("org.apache.camel:context=" + camel.getManagementName() + ",*"), null)) {
            StringBuilder attributes = new StringBuilder(name.toString());
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                attributes
                        .append('\n')
                        .append(attribute.getName())
                        .append('=')
                        .append(server.getAttribute(name, attribute.getName()));
            }
            texts.put("MBean " + name, attributes.toString());
        }
        return texts;
    }

    /** Returns the failure with its causes and their suppressed exceptions. */
    private static String text(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static void assertNoneShows(SecretOption option, Map<String, String> seen) {
        assertThat(seen).hasSizeGreaterThan(10).containsKey("log");
        Map<String, String> shown = seen.entrySet().stream()
                .filter(text -> option.traces().stream()
                        .anyMatch(trace ->
                                text.getValue().contains(trace) || text.getKey().contains(trace)))
                .collect(toMap(Map.Entry::getKey, text -> lines(option, text.getValue())));
        assertThat(shown).isEmpty();
    }

    private static String lines(SecretOption option, String text) {
        return text.lines()
                .filter(line -> option.traces().stream().anyMatch(line::contains))
                .limit(3)
                .map(line -> line.substring(0, Math.min(600, line.length())))
                .collect(joining("\n"));
    }

    /** A vault like Camel's functions for the vaults of the clouds. */
    private record Vault(String secret) implements PropertiesFunction {

        @Override
        public String getName() {
            return "vault";
        }

        @Override
        public String apply(String remainder) {
            return secret;
        }

        @Override
        public String toString() {
            return getName();
        }
    }
}
