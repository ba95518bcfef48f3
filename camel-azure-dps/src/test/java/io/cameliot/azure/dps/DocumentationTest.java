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
package io.cameliot.azure.dps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.azure.dps.advice.RefusalAdvice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of the component's page are those of the catalog and of the code, row by row. */
class DocumentationTest {

    private static final Path PAGE = Path.of("..", "docs", "azure-dps.md");
    private static final String CATALOG = "/META-INF/io/cameliot/azure/dps/azure-dps.json";

    @Test
    void hasTheOptionsOfTheCatalog() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> option : catalog().get("properties").properties()) {
            JsonNode value = option.getValue();
            if (value.get("kind").asText().equals("parameter")) {
                rows.add(row(
                        "`" + option.getKey() + "`" + (value.get("secret").asBoolean() ? " (secret)" : ""),
                        value.has("defaultValue")
                                ? "`" + value.get("defaultValue").asText() + "`"
                                : "",
                        type(value),
                        value.get("description").asText()));
            }
        }
        assertThat(rowsBetween("## Options", "## Headers")).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void namesTheOptionsThatOnlyTheEndpointOrOnlyTheComponentHas() throws IOException {
        Set<String> expected = new TreeSet<>();
        for (String kind : List.of("properties", "componentProperties")) {
            for (Map.Entry<String, JsonNode> option : catalog().get(kind).properties()) {
                boolean isPath = option.getValue().get("kind").asText().equals("path");
                // Those that are in both are removed when they come for the second time.
                if (!isPath && !expected.add(option.getKey())) {
                    expected.remove(option.getKey());
                }
            }
        }
        assertThat(Files.readString(PAGE)
                        .lines()
                        .dropWhile(line -> !line.equals("## Options"))
                        .takeWhile(line -> !line.startsWith("### "))
                        .flatMap(line ->
                                Pattern.compile("`(\\w+)`").matcher(line).results())
                        .map(name -> name.group(1)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static String type(JsonNode option) {
        if (!option.has("enum")) {
            return simpleName(option);
        }
        StringJoiner values = new StringJoiner("`, `", "`", "`");
        option.get("enum").forEach(value -> values.add(value.asText()));
        return values.toString();
    }

    @Test
    void hasTheHeadersOfTheCatalog() throws IOException {
        List<String> rows = new ArrayList<>();
        for (Map.Entry<String, JsonNode> header : catalog().get("headers").properties()) {
            JsonNode value = header.getValue();
            rows.add(row(
                    "`" + header.getKey() + "`",
                    simpleName(value),
                    value.get("label").asText(),
                    value.get("description").asText()));
        }
        assertThat(rowsBetween("## Headers", "## Errors")).containsExactlyElementsOf(rows);
    }

    @Test
    void hasTheAdviceForEveryKnownAnswer() throws IOException {
        List<String> rows = Stream.of(RefusalAdvice.values())
                .map(advice -> row(Integer.toString(advice.code()), advice.meaning(), advice.whatToDo()))
                .toList();

        assertThat(rowsBetween("## Errors", "What else the message can say:")).containsExactlyElementsOf(rows);
    }

    private static String simpleName(JsonNode value) {
        String javaType = value.get("javaType").asText();
        return javaType.substring(javaType.lastIndexOf('.') + 1);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** The rows of the tables in a part of the page, without their heads. */
    private static List<String> rowsBetween(String from, String to) throws IOException {
        return Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.equals(from))
                .takeWhile(line -> !line.equals(to))
                .filter(line -> line.startsWith("| "))
                .filter(line -> !line.startsWith("| ---")
                        && !line.startsWith("| option |")
                        && !line.startsWith("| header |")
                        && !line.startsWith("| code |"))
                .toList();
    }

    private static JsonNode catalog() throws IOException {
        try (InputStream in = DocumentationTest.class.getResourceAsStream(CATALOG)) {
            return new ObjectMapper().readTree(in);
        }
    }
}
