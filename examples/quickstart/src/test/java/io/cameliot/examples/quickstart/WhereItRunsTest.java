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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of where the components run name what CI runs, and nothing else. */
class WhereItRunsTest {

    private static final Path ROOT = Path.of("..", "..");

    @Test
    void theReadmeNamesTheLinesOfCamelAndNettyThatCiRuns() throws IOException {
        Set<List<String>> named = Files.readAllLines(ROOT.resolve("README.md")).stream()
                .filter(line -> line.startsWith("| Camel Main"))
                .map(line -> line.split(" *\\| *"))
                .map(cells -> List.of(cells[2], cells[4]))
                .collect(Collectors.toSet());

        Set<List<String>> run = Stream.concat(
                        Stream.of(List.of(property("camel.version"), netty("netty.version"))), linesOfCi())
                .collect(Collectors.toSet());
        assertThat(named).isEqualTo(run).hasSizeGreaterThan(3);
    }

    /** Camel's BOM for Spring Boot manages the starters only: without the other one the components bring Camel's older jars. */
    @Test
    void theReadmeTellsSpringBootTheVersionOfAllOfCamel() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        Matcher bom = Pattern.compile(
                        "<artifactId>(camel-(?:spring-boot-)?bom)</artifactId>\\s*<version>(.*)</version>")
                .matcher(readme.substring(readme.indexOf("### On Spring Boot")));

        assertThat(bom.results().map(found -> found.group(1) + " " + found.group(2)))
                .containsExactly(
                        "camel-bom " + property("camel.version"), "camel-spring-boot-bom " + property("camel.version"));
    }

    @Test
    void theArchitectureNamesTheCommandOfEachLine() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));

        assertThat(linesOfCi()).allSatisfy(line -> {
            String command = "-Dcamel.line=" + line.get(0)
                    + (line.get(1).equals(netty("netty-4.2.version")) ? " -Pnetty-4.2" : "");
            assertThat(page.lines())
                    .anyMatch(row -> row.contains("| " + line.get(1)) && row.contains("`" + command + "`"));
        });
    }

    /** The version of Camel and of Netty of each command that exchanges Camel. */
    private static Stream<List<String>> linesOfCi() throws IOException {
        String script = Files.readString(ROOT.resolve(".ci/run")).replace("\\\n", "");
        Matcher loop = Pattern.compile("for line in (.*); do").matcher(script);
        assertThat(loop.find()).isTrue();
        List<String> lines = List.of(loop.group(1).split(" "));
        return script.lines()
                .filter(command -> command.contains("-Dcamel.line="))
                .flatMap(command -> {
                    Matcher version =
                            Pattern.compile("-Dcamel\\.line=(\\S+?)[\"\\s]").matcher(command + " ");
                    assertThat(version.find()).as(command).isTrue();
                    String netty = netty(command.contains("-Pnetty-4.2") ? "netty-4.2.version" : "netty.version");
                    return (version.group(1).equals("$line") ? lines : List.of(version.group(1)))
                            .stream().map(line -> List.of(line, netty));
                });
    }

    private static String netty(String property) {
        return property(property).replace(".Final", "");
    }

    private static String property(String name) {
        try {
            Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">(.*)</")
                    .matcher(Files.readString(ROOT.resolve("pom.xml")));
            assertThat(value.find()).as(name).isTrue();
            return value.group(1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
