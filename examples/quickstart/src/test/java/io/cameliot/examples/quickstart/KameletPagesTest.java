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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the pages say of the properties of a kamelet is true of each kamelet that they say it of. */
class KameletPagesTest {

    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\R(.*?)^```");
    private static final Pattern QUOTED = Pattern.compile("`([^`\\n]+)`");
    private static final String PROPERTY = "[a-z][A-Za-z]+";

    private Map<String, Set<String>> propertiesOf;

    @BeforeEach
    void readKamelets() throws IOException {
        propertiesOf = KameletConventionsTest.kamelets().stream()
                .collect(Collectors.toMap(KameletConventionsTest.Kamelet::name, kamelet -> kamelet.properties()
                        .keySet()));
    }

    static Stream<Path> pages() throws IOException {
        return ModulesTest.pages().filter(page -> !page.endsWith("CHANGELOG.md"));
    }

    /** A paragraph, an item of a list or a row of a table that names kamelets names only properties that all of them have. */
    @ParameterizedTest
    @MethodSource("pages")
    void nameOnlyPropertiesThatTheKameletsHave(Path page) throws IOException {
        String text = Files.readString(page).replaceAll("(?ms)^```.*?^```", "");
        for (String paragraph : text.split("\\R(?=\\R|[-|] )")) {
            List<String> quoted = QUOTED.matcher(paragraph)
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            List<String> properties =
                    quoted.stream().filter(name -> name.matches(PROPERTY)).toList();
            assertThat(quoted.stream().filter(propertiesOf::containsKey))
                    .as(paragraph)
                    .allSatisfy(kamelet -> assertThat(propertiesOf.get(kamelet)).containsAll(properties));
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void giveKameletsOnlyPropertiesThatTheyHave(Path page) throws IOException {
        Matcher block = YAML.matcher(Files.readString(page));
        while (block.find()) {
            Load yaml = new Load(LoadSettings.builder().build());
            JsonNode routes = new ObjectMapper().valueToTree(yaml.loadFromString(block.group(1)));
            for (JsonNode step : routes.findParents("uri")) {
                String uri = step.get("uri").asText();
                if (uri.startsWith("kamelet:") && step.has("parameters")) {
                    assertThat(propertiesOf.get(uri.substring("kamelet:".length())))
                            .as(uri)
                            .containsAll(step.get("parameters")::fieldNames);
                }
            }
        }
    }
}
