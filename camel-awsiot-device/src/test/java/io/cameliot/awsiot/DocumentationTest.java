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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of each component says what the catalog says. */
class DocumentationTest {

    /** A component, with its page and its part of the catalog. */
    enum Documented {
        DEVICE("awsiot-device.md", "/META-INF/io/cameliot/awsiot/awsiot-device.json"),
        PROVISIONING("awsiot-provisioning.md", "/META-INF/io/cameliot/awsiot/provisioning/awsiot-provisioning.json");

        private final Path page;
        private final String catalog;

        Documented(String page, String catalog) {
            this.page = Path.of("..", "docs", page);
            this.catalog = catalog;
        }

        String page() throws IOException {
            return Files.readString(page);
        }

        JsonNode catalog() throws IOException {
            try (InputStream in = DocumentationTest.class.getResourceAsStream(catalog)) {
                return new ObjectMapper().readTree(in);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void listsEveryOptionWithItsDefaultAndText(Documented component) throws IOException {
        String page = component.page();
        List<String> missing = new ArrayList<>();
        component.catalog().get("properties").fields().forEachRemaining(option -> {
            JsonNode value = option.getValue();
            if (value.get("kind").asText().equals("path")) {
                return;
            }
            String name = "| `" + option.getKey() + "`" + (value.path("secret").asBoolean() ? " (secret)" : "") + " | ";
            String row = name
                    + (value.has("defaultValue")
                            ? "`" + value.get("defaultValue").asText() + "`"
                            : "") + " | ";
            String end = " | " + value.get("description").asText() + " |";
            if (page.lines().noneMatch(line -> line.startsWith(row) && line.endsWith(end))) {
                missing.add(row + "…" + end);
            }
        });
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void namesTheOptionsThatOnlyTheEndpointOrOnlyTheComponentHas(Documented component) throws IOException {
        Set<String> expected = new TreeSet<>();
        for (String kind : List.of("properties", "componentProperties")) {
            component.catalog().get(kind).fields().forEachRemaining(option -> {
                String name = option.getKey();
                boolean isPath = option.getValue().get("kind").asText().equals("path");
                // Those that are in both are removed when they come for the second time.
                if (!isPath && !expected.add(name)) {
                    expected.remove(name);
                }
            });
        }
        assertThat(component
                        .page()
                        .lines()
                        .dropWhile(line -> !line.equals("## Options"))
                        .takeWhile(line -> !line.startsWith("### "))
                        .flatMap(line ->
                                Pattern.compile("`(\\w+)`").matcher(line).results())
                        .map(name -> name.group(1)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource
    void listsEveryHeaderWithItsText(Documented component) throws IOException {
        String page = component.page();
        List<String> missing = new ArrayList<>();
        component.catalog().get("headers").fields().forEachRemaining(header -> {
            String start = "| `" + header.getKey() + "` | ";
            String end = " | " + header.getValue().get("label").asText() + " | "
                    + header.getValue().get("description").asText() + " |";
            if (page.lines().noneMatch(line -> line.startsWith(start) && line.endsWith(end))) {
                missing.add(start + "…" + end);
            }
        });
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void namesNoOptionThatThereIsNot(Documented component) throws IOException {
        JsonNode options = component.catalog().get("properties");
        List<String> unknown = component
                .page()
                .lines()
                .dropWhile(line -> !line.equals("## Options"))
                .takeWhile(line -> !line.equals("## Headers"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .filter(name -> !options.has(name))
                .toList();
        assertThat(unknown).isEmpty();
    }
}
