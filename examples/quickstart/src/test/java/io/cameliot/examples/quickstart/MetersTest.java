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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.net.FreePorts;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The meters of the quick start's routes on Camel Main with camel-micrometer-prometheus, and what is written about them.
 * One connection is closed before the tests: its counts are to stay.
 */
class MetersTest {

    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern METRIC = Pattern.compile("\\bcamel_(awsiot|azure)_\\w+");
    private static final Pattern LABELS = Pattern.compile("(\\w+)=~?\"|\\bby \\(([^)]+)\\)");
    private static final String CONTEXT = "camelContext=\"quickstart\"";

    private static Clouds clouds;
    private static Main main;
    private static MeterRegistry registry;
    private static String scraped;
    /** The sums of the attributes of JMX before the connection was closed. */
    private static final Map<String, Double> IN_JMX = new HashMap<>();

    /**
     * A row of the table of meters.
     *
     * @param attributes the attributes of JMX whose sum the meter is; empty if it is none
     */
    private record Row(String meter, String unit, String tags, List<String> attributes) {}

    @BeforeAll
    static void runRoutes() throws Exception {
        clouds = Clouds.start();
        int port = FreePorts.next();
        Properties properties = new Properties();
        properties.putAll(clouds.properties());
        properties.put("camel.metrics.enabled", "true");
        properties.put("camel.management.enabled", "true");
        properties.put("camel.management.metricsEnabled", "true");
        properties.put("camel.management.port", Integer.toString(port));
        main = new Main();
        main.setOverrideProperties(properties);
        Account account = new Account();
        main.configure().addRoutesBuilder(new QuickstartRoutes(account));
        main.configure().addRoutesBuilder(furtherRoutes());
        main.start();
        clouds.sendCommand();
        account.await(Duration.ofSeconds(60));
        try (ProducerTemplate template = main.getCamelContext().createProducerTemplate()) {
            assertThatThrownBy(() -> template.requestBody("direct:not-enrolled", ""))
                    .isNotNull();
            template.sendBody("direct:kept", "kept");
            template.sendBody("direct:closed", "closed");
        }
        registry = main.lookup("metricsRegistry", MeterRegistry.class);
        await().until(() -> sum("camel.awsiot.device.outbox.forwarded") == 2
                && sum("camel.awsiot.device.in.flight") == 0
                && sum("camel.awsiot.provisioning.active") == 0
                && sum("camel.azure.dps.active") == 0);
        for (Row row : table()) {
            if (!row.attributes().isEmpty()) {
                IN_JMX.put(row.meter(), sumInJmx(row));
            }
        }
        main.getCamelContext().getRouteController().stopRoute("closed");
        scraped = scrape(port);
    }

    private static RouteBuilder furtherRoutes() {
        String identity = "certificateFile={{aws.certificateFile}}&privateKeyFile={{aws.privateKeyFile}}";
        String device = "endpoint={{aws.endpoint}}&caFile={{aws.caFile}}&connectTo={{aws.connectTo}}&" + identity;
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:not-enrolled")
                        .errorHandler(noErrorHandler())
                        .to("azure-dps:{{dps.idScope}}/unknown?sharedAccessKey=RAW({{dps.sharedAccessKey}})"
                                + "&caFile={{dps.caFile}}&connectTo={{dps.connectTo}}");
                from("direct:kept").to("awsiot-device:kept?outbox=memory&clientId=kept&" + device);
                from("direct:closed")
                        .routeId("closed")
                        .to("awsiot-device:closed?outbox=memory&clientId=closed&" + device);
                from("direct:unreachable")
                        .to("awsiot-device:a?endpoint=unreachable&connectTo=localhost:1&awaitConnection=never&"
                                + identity);
                from("direct:url")
                        .to(
                                "awsiot-provisioning:by-url?endpoint=https://URL-ats.test:8883/&identityDirectory=target/by-url&"
                                        + identity);
                from("direct:https").to("awsiot-device:a?endpoint=requested&protocol=https&" + identity);
            }
        };
    }

    @AfterAll
    static void stop() {
        if (main != null) {
            main.stop();
        }
        if (clouds != null) {
            clouds.close();
        }
    }

    @Test
    void areScrapedByPrometheus() {
        String endpoint = CONTEXT + ",endpoint=\"" + clouds.aws().endpoint() + '"';
        String device = endpoint + ",protocol=\"mqtt\"";
        String scope = CONTEXT + ",id_scope=\"" + clouds.properties().getProperty("dps.idScope") + '"';

        assertThat(scraped.lines())
                .contains(
                        "camel_awsiot_device_connections{" + device + ",state=\"CONNECTED\"} 2.0",
                        "camel_awsiot_device_connections{" + device + ",state=\"WAITING\"} 0.0",
                        "camel_awsiot_device_published_messages_total{" + device + "} 12.0",
                        "camel_awsiot_device_received_messages_total{" + device + "} 11.0",
                        "camel_awsiot_device_outbox_forwarded_messages_total{" + device + "} 2.0",
                        "camel_azure_dps_registrations_total{" + scope + ",outcome=\"assigned\"} 1.0",
                        "camel_azure_dps_registrations_total{" + scope + ",outcome=\"failed\"} 1.0",
                        "camel_azure_dps_active_registrations{" + scope + "} 0.0",
                        "camel_awsiot_provisioning_devices_total{" + endpoint
                                + ",outcome=\"provisioned\",template=\"factory\"} 1.0",
                        "camel_awsiot_provisioning_active_devices{" + CONTEXT
                                + ",endpoint=\"url-ats.test\",template=\"by-url\"} 0.0");
    }

    @Test
    void showAConnectionThatCannotBeMade() {
        await().untilAsserted(() -> {
            assertThat(value("connect.attempts", "unreachable").sum()).isPositive();
            assertThat(value("connections", "unreachable", "state", "WAITING").sum()
                            + value("connections", "unreachable", "state", "CONNECTING")
                                    .sum())
                    .isEqualTo(1);
        });
    }

    @Test
    void showNoConnectionForHttps() {
        assertThat(value("connections", "requested", "protocol", "https").toArray())
                .hasSize(4)
                .containsOnly(0);
        assertThat(value("connect.attempts", "requested").toArray()).containsExactly(0);
    }

    private static DoubleStream value(String meter, String endpoint, String... tags) {
        return registry.find("camel.awsiot.device." + meter).tag("endpoint", endpoint).tags(tags).gauges().stream()
                .mapToDouble(Gauge::value);
    }

    @Test
    void haveTheFiguresOfJmxAlsoWhenAConnectionIsClosed() {
        assertThat(IN_JMX).hasSizeGreaterThan(20);
        assertThat(IN_JMX.keySet())
                .allSatisfy(meter -> assertThat(sum(meter)).as(meter).isEqualTo(IN_JMX.get(meter)));
    }

    @Test
    void areAllInTheTableForOperators() throws IOException {
        Set<String> registered = registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().matches("camel\\.(awsiot|azure)\\..*"))
                .map(id -> id.getName() + " | " + Objects.requireNonNullElse(id.getBaseUnit(), "-") + " | "
                        + id.getTags().stream()
                                .map(Tag::getKey)
                                .filter(key -> !key.equals("camelContext"))
                                .sorted()
                                .toList())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(table().stream().map(row -> row.meter() + " | " + row.unit() + " | " + row.tags()))
                .containsExactlyInAnyOrderElementsOf(registered);
    }

    @Test
    void areAllShownByTheDashboardAndNoOthers() throws IOException {
        assertThat(metrics(String.join("\n", queries()))).isNotEmpty().isEqualTo(metrics(scraped));
    }

    private static Set<String> metrics(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void haveTheLabelsThatTheDashboardAsksFor() throws IOException {
        assertThat(queries()).isNotEmpty().allSatisfy(query -> {
            String metric = METRIC.matcher(query)
                    .results()
                    .findFirst()
                    .map(MatchResult::group)
                    .orElseThrow();
            String sample = scraped.lines()
                    .filter(line -> line.startsWith(metric + "{"))
                    .findFirst()
                    .orElseThrow();
            assertThat(LABELS.matcher(query)
                            .results()
                            .map(found -> found.group(1) != null ? found.group(1) : found.group(2)))
                    .isNotEmpty()
                    .allSatisfy(label -> assertThat(sample).containsPattern("[{,]" + label + "=\""));
        });
    }

    /** Panels that overlap, or that have the same id, are moved or lost when the dashboard is imported. */
    @Test
    void havePanelsThatDoNotOverlap() throws IOException {
        List<JsonNode> panels = panels();

        assertThat(panels.stream().map(panel -> panel.get("id").asInt())).doesNotHaveDuplicates();
        assertThat(panels.stream().flatMap(MetersTest::cells)).doesNotHaveDuplicates();
    }

    private static Stream<List<Integer>> cells(JsonNode panel) {
        JsonNode place = panel.get("gridPos");
        return Stream.iterate(place.get("x").asInt(), x -> x + 1)
                .limit(place.get("w").asInt())
                .peek(x -> assertThat(x).isLessThan(24))
                .flatMap(x -> Stream.iterate(place.get("y").asInt(), y -> y + 1)
                        .limit(place.get("h").asInt())
                        .map(y -> List.of(x, y)));
    }

    private static List<JsonNode> panels() throws IOException {
        List<JsonNode> panels = new ArrayList<>();
        new ObjectMapper()
                .readTree(DOCS.resolve("grafana-dashboard.json").toFile())
                .get("panels")
                .forEach(panels::add);
        return panels;
    }

    private static List<String> queries() throws IOException {
        return panels().stream()
                .flatMap(panel -> panel.findValuesAsText("expr").stream())
                .toList();
    }

    private static List<Row> table() throws IOException {
        return Files.readAllLines(DOCS.resolve("operations.md")).stream()
                .filter(line -> line.startsWith("| `camel."))
                .map(line -> line.split("\\|"))
                .map(cells -> new Row(
                        code(cells[1]).get(0),
                        cells[2].strip(),
                        code(cells[3]).stream().sorted().toList().toString(),
                        code(cells[5])))
                .toList();
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static double sum(String meter) {
        return registry.find(meter).meters().stream()
                .mapToDouble(each -> each.measure().iterator().next().getValue())
                .sum();
    }

    private static double sumInJmx(Row row) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        String bean = row.meter().startsWith("camel.awsiot.device")
                ? "type=services,name=AwsIotDeviceConnectionView*"
                : row.meter().startsWith("camel.azure")
                        ? "type=endpoints,name=\"azure-dps:*\""
                        : "type=endpoints,name=\"awsiot-provisioning:*\"";
        Set<ObjectName> beans =
                server.queryNames(new ObjectName("org.apache.camel:context=*quickstart*," + bean), null);
        assertThat(beans).as(bean).isNotEmpty();
        double sum = 0;
        for (ObjectName each : beans) {
            for (String attribute : row.attributes()) {
                sum += ((Number) server.getAttribute(each, attribute)).doubleValue();
            }
        }
        return sum;
    }

    private static String scrape(int port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/observe/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
