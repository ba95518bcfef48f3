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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.monitor.AwsIotDeviceConsole;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The page for operators names tests and attributes that there are. */
class OperationsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Path TESTS = folderOfTests();
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void namesATestForEachGuarantee() throws IOException {
        List<String> rows = rows("## What is guaranteed", "## How to watch it");

        assertThat(rows).hasSizeGreaterThan(25).allMatch(row -> TEST.matcher(row)
                .find());
        assertThat(rows.stream().flatMap(row -> TEST.matcher(row).results()))
                .allMatch(name -> isTest(name.group(1), name.group(2)), "is a test");
    }

    @Test
    void namesEachAttributeOfAConnection() throws IOException {
        List<String> named = rows("### JMX", "### What a fault looks like").stream()
                .map(row -> row.split("\\|")[1])
                .flatMap(cell -> NAME.matcher(cell).results())
                .map(name -> name.group(1))
                .toList();

        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(AwsIotDeviceConnectionView.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(ManagedAttribute.class))
                        .map(method -> method.getName().substring("get".length()))
                        .toList());
    }

    @Test
    void showsTheColumnsAndKeysOfTheDeveloperConsole() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("awsiot-device:in?endpoint=localhost&connectTo=localhost:1&region=x-y-1&awaitConnection=never"
                                    + "&protocol=wss&authentication=sigv4&accessKey=a&secretKey=b")
                            .to("log:in");
                }
            });
            camel.start();
            AwsIotDeviceConsole console = new AwsIotDeviceConsole();
            console.setCamelContext(camel);
            List<String> shown = block("CLIENT-ID");

            assertThat(shown.get(0)).satisfies(head -> assertThat(columns(head))
                    .isEqualTo(columns(((String) console.call(MediaType.TEXT, Map.of()))
                            .lines()
                            .findFirst()
                            .orElseThrow())));
            assertThat(shown.stream().filter(line -> !line.startsWith(" ")))
                    .hasSizeGreaterThan(2)
                    .allMatch(line ->
                            columns(line).size() == columns(shown.get(0)).size());
            assertThat(keys(new ObjectMapper()
                            .readTree(String.join("\n", block("{")))
                            .get("awsiot-device")
                            .toString()))
                    .isEqualTo(keys(((JsonObject) console.call(MediaType.JSON, Map.of())).toJson()));
        }
    }

    /** Returns the lines from the one that begins with a text to the end of their code block. */
    private static List<String> block(String start) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith(start))
                .takeWhile(line -> !line.equals("```"))
                .toList();
    }

    private static List<String> columns(String line) {
        return List.of(line.split(" {2,}"));
    }

    /** Returns the names of all fields, each once, in their order. */
    private static Set<String> keys(String json) {
        return Pattern.compile("\"(\\w+)\":")
                .matcher(json)
                .results()
                .map(key -> key.group(1))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The rows of the tables between two headings, without their heads. */
    private static List<String> rows(String from, String to) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        List<String> section = lines.subList(lines.indexOf(from), lines.indexOf(to));
        return section.stream()
                .filter(line -> line.startsWith("| "))
                .filter(line -> !line.startsWith("| guarantee") && !line.startsWith("| attribute"))
                .filter(line -> !line.startsWith("| ---"))
                .toList();
    }

    /** Not relative to the working directory: the bundle for Karaf compiles these tests into a folder of its own. */
    private static Path folderOfTests() {
        try {
            return Path.of(OperationsPageTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isTest(String type, String method) {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.getFileName().toString().equals(type + ".class"))
                    .map(OperationsPageTest::load)
                    .flatMap(loaded -> Arrays.stream(loaded.getDeclaredMethods()))
                    .filter(candidate -> candidate.getName().equals(method))
                    .anyMatch(OperationsPageTest::isTest);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }

    private static Class<?> load(Path file) {
        String path = TESTS.relativize(file).toString();
        String name = path.substring(0, path.length() - ".class".length())
                .replace(file.getFileSystem().getSeparator(), ".");
        try {
            return Class.forName(name, false, OperationsPageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
