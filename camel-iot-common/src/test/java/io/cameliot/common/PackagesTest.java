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
package io.cameliot.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages of this module depend on each other in one direction, as their package-info.java says. */
class PackagesTest {

    private static final String ROOT = "io.cameliot.common.";
    private static final long LARGEST_PACKAGE = 15;

    /**
     * Matches a string constant in a class file. U+0001 marks the place of a value in a compiled string concatenation.
     */
    private static final Pattern CONSTANT = Pattern.compile("[ -~\u0001]+");

    /** {@code connectTo} is missing, because {@code ServerAddress} shows the address to dial under this name. */
    private static final Pattern NAMED_OPTION = Pattern.compile("[oO]ptions? [a-z]"
            + "|\\b(caFile|certificateFile|privateKeyFile|keyStoreFile|proxyUsername|proxyPassword)\\b");

    /** The packages of this module on which a package may depend. */
    private static final Map<String, Set<String>> KNOWN = Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("retry", Set.of()),
            Map.entry("transport", Set.of("text")),
            Map.entry("transport.connect", Set.of("text", "transport")),
            Map.entry("identity", Set.of("text", "transport")),
            Map.entry("mqtt", Set.of("text")),
            Map.entry("mqtt.codec", Set.of("mqtt")),
            Map.entry("mqtt.session", Set.of("text", "transport", "transport.connect", "mqtt", "mqtt.codec")),
            Map.entry(
                    "camel",
                    Set.of(
                            "text",
                            "retry",
                            "transport",
                            "transport.connect",
                            "identity",
                            "mqtt",
                            "mqtt.session",
                            "meters")),
            Map.entry("header", Set.of("text", "camel")),
            Map.entry("meters", Set.of()),
            Map.entry("file", Set.of()),
            Map.entry("fleet", Set.of("transport", "transport.connect", "mqtt", "mqtt.session")),
            Map.entry("provisioning", Set.of("text", "retry", "camel", "fleet", "meters")));

    static {
        // Packages are checked by name, because resolving the classes of libraries takes half a minute.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.cameliot.common");

    static Stream<String> packages() {
        return KNOWN.keySet().stream().sorted();
    }

    @Test
    void everyPackageIsListedInTheTable() {
        assertThat(CLASSES.stream().map(PackagesTest::packageOf)).containsAll(KNOWN.keySet());
        assertThat(KNOWN.keySet())
                .containsAll(CLASSES.stream().map(PackagesTest::packageOf).toList());
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageUsesOnlyThePackagesOfItsRow(String name) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of io.cameliot outside " + KNOWN.get(name),
                        other -> isOfCameliot(other)
                                && !packageOf(other).equals(name)
                                && !KNOWN.get(name).contains(packageOf(other))))
                .check(CLASSES);
    }

    /** A connection can be used without a Camel context; only the identity gets resources and parameters from it. */
    @Test
    void whatIsBelowTheCamelPackagesUsesNoCamel() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "transport..",
                        ROOT + "mqtt..",
                        ROOT + "retry..",
                        ROOT + "text..",
                        ROOT + "file..",
                        ROOT + "fleet..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    /** Only a component knows which options a user can change; it names them in its {@code ConnectAdvice}. */
    @Test
    void messagesOfTransportAndMqttNameNoOption() {
        assertThat(CLASSES.stream()
                        .filter(type -> packageOf(type).startsWith("transport")
                                || packageOf(type).startsWith("mqtt"))
                        .flatMap(type -> texts(type).stream()))
                .anyMatch(text -> text.contains("the server speaks no TLS on this port"))
                .noneMatch(text -> NAMED_OPTION.matcher(text).find());
    }

    @Test
    void noPackageHasMoreThanFifteenClasses() {
        assertThat(CLASSES.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .collect(groupingBy(JavaClass::getPackageName, counting())))
                .allSatisfy((name, classes) -> assertThat(classes).isLessThanOrEqualTo(LARGEST_PACKAGE));
    }

    /** Returns the string constants in a class file that contain a blank, because names contain none. */
    private static List<String> texts(JavaClass type) {
        try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            String constants = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            return CONSTANT.matcher(constants)
                    .results()
                    .map(MatchResult::group)
                    .filter(text -> text.contains(" "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOfCameliot(JavaClass type) {
        return type.getPackageName().startsWith("io.cameliot.");
    }

    private static String packageOf(JavaClass type) {
        return type.getPackageName().startsWith(ROOT)
                ? type.getPackageName().substring(ROOT.length())
                : type.getPackageName();
    }
}
