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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the descriptions of the modules cover every module. */
class ModulesTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");
    private static final Pattern LINK = Pattern.compile("(?<!`)\\[[^]]*]\\(([^)#\\s]+)[^)]*\\)");

    /**
     * A module of the project.
     *
     * @param folder the path from the project's root
     * @param pom the text of its pom.xml
     */
    record Module(String folder, String pom) {

        boolean isReleasedJar() {
            return !pom.contains("<maven.deploy.skip>true")
                    && !pom.contains("<packaging>pom")
                    && !folder.contains("karaf");
        }

        String artifact() {
            String own = pom.replaceAll("(?s)<parent>.*?</parent>", "");
            Matcher matcher = ARTIFACT.matcher(own);
            assertThat(matcher.find()).as(folder).isTrue();
            return matcher.group(1);
        }

        @Override
        public String toString() {
            return folder;
        }
    }

    static List<Module> modules() throws IOException {
        List<Module> modules = new ArrayList<>();
        try (Stream<Path> files = Files.find(
                ROOT,
                5,
                (file, attributes) ->
                        file.endsWith("pom.xml") && !file.toString().contains("target"))) {
            for (Path file : files.sorted().toList()) {
                String folder = ROOT.relativize(file.getParent()).toString();
                if (!folder.isEmpty()) {
                    modules.add(new Module(folder, Files.readString(file)));
                }
            }
        }
        assertThat(modules).hasSizeGreaterThan(15);
        return modules;
    }

    static Stream<Module> releasedJars() throws IOException {
        return modules().stream().filter(Module::isReleasedJar);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void isInTheTableOfTheArchitecture(Module module) throws IOException {
        String folder = module.folder();
        String parent = folder.contains("/") ? folder.substring(0, folder.lastIndexOf('/')) : "";
        String name = folder.substring(folder.lastIndexOf('/') + 1);

        assertThat(Files.readAllLines(ROOT.resolve("docs/architecture.md")))
                .filteredOn(line -> line.startsWith("| `"))
                .anyMatch(row -> row.startsWith("| `" + folder + "/` |")
                        || row.startsWith("| `" + parent + "/` |") && row.contains("`" + name + "/`"));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void isInThePictureOfTheModules(Module module) throws IOException {
        // The picture shows all bundles as one, and replaces a folder that contains only modules by these modules.
        String drawn = module.folder().replaceAll("^karaf/bundles/.*", "karaf/bundles");

        assertThat(drawn.equals("karaf")
                        || Files.readString(ROOT.resolve("docs/pictures/modules.dot"))
                                .contains(drawn))
                .as(drawn)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("releasedJars")
    void isInTheBillOfMaterials(Module module) throws IOException {
        assertThat(Files.readString(ROOT.resolve("camel-iot-bom/pom.xml")))
                .contains("<artifactId>" + module.artifact() + "</artifactId>");
    }

    static Stream<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"), ROOT.resolve("examples"))) {
            try (Stream<Path> files = Files.walk(folder, folder.equals(ROOT) ? 1 : 3)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        return pages.stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToFilesThatAreThere(Path page) throws IOException {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
            String target = link.group(1);
            // Links that start with the second prefix lead to GitHub's state of CI.
            if (!target.startsWith("https://") && !target.startsWith("../../actions/")) {
                assertThat(page.resolveSibling(target)).exists();
            }
        }
    }
}
