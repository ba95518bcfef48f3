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
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages of this module know each other in one direction, as their package-info.java says. */
class PackagesTest {

    private static final String ROOT = "io.cameliot.azure.dps";
    private static final long LARGEST_PACKAGE = 15;

    /** In a class file; a compiled concatenation has U+0001 for what is inserted. */
    private static final Pattern CONSTANT = Pattern.compile("[ -~\u0001]+");

    /** Names that are no word of other meaning. */
    private static final List<String> OPTIONS = new DpsEndpointUriFactory()
            .propertyNames().stream()
                    .filter(name -> !name.equals(name.toLowerCase(Locale.ROOT)))
                    .filter(name -> !name.equals("idScope") && !name.equals("registrationId"))
                    .toList();

    /** Which packages of this module a package may know. */
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "wire", Set.of(),
            "attestation", Set.of("wire"),
            "store", Set.of("wire"),
            "camel", Set.of("wire"),
            "advice", Set.of(),
            "monitor", Set.of(),
            "registration", Set.of("wire", "advice"),
            "transport", Set.of("wire", "advice", "attestation", "registration"),
            "fleet", Set.of("wire", "attestation", "store", "registration", "transport"),
            "", Set.of("wire", "attestation", "store", "camel", "registration", "transport", "fleet", "monitor"));

    static {
        // Packages are known by name; to look for the classes of libraries takes half a minute.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    static Stream<String> packages() {
        return KNOWN.keySet().stream().sorted();
    }

    @Test
    void everyPackageHasItsPlaceInTheTable() {
        assertThat(CLASSES.stream().map(PackagesTest::packageOf)).containsAll(KNOWN.keySet());
        assertThat(KNOWN.keySet())
                .containsAll(CLASSES.stream().map(PackagesTest::packageOf).toList());
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageKnowsNoOtherThanItMay(String name) {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are of package '" + name + "'", type -> packageOf(type).equals(name)))
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of this module outside " + KNOWN.get(name),
                        other -> isOfThisModule(other)
                                && !packageOf(other).equals(name)
                                && !KNOWN.get(name).contains(packageOf(other))))
                .check(CLASSES);
    }

    /** What decides, connects and remembers can be used without a Camel context. */
    @Test
    void onlyTheComponentItsConsoleAndPackageCamelKnowCamel() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".*")
                .and()
                .resideOutsideOfPackages(ROOT + ".camel", ROOT + ".monitor")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .check(CLASSES);
    }

    /** What decides is a pure function. */
    @Test
    void registrationKnowsNoNetworkThreadOrClock() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".registration")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..",
                        "java.net..",
                        "java.nio..",
                        "io.netty..",
                        "io.cameliot.common.transport..",
                        "io.cameliot.common.mqtt.session..",
                        "io.cameliot.common.camel..")
                .check(CLASSES);
    }

    /** To open a file and find that its own process has it locked drops that lock. ExclusiveLock opens no such file. */
    @Test
    void noClassLocksAFileButByExclusiveLock() {
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "locks a file",
                        call -> call.getTargetOwner().isAssignableTo(FileChannel.class)
                                && Set.of("lock", "tryLock").contains(call.getName())))
                .check(CLASSES);
    }

    /** What to do is said in one place; the root and the store check the options that they name. */
    @Test
    void onlyAdviceNamesOptions() {
        Set<String> silent = Set.of("wire", "attestation", "camel", "registration", "transport", "fleet");
        assertThat(OPTIONS).contains("registrationTimeout", "connectTo", "sharedAccessKey");
        assertThat(CLASSES.stream()
                        .filter(type -> silent.contains(packageOf(type)))
                        .flatMap(type -> texts(type).stream()))
                .anyMatch(text -> text.contains("retries in a row"))
                .noneMatch(text -> OPTIONS.stream().anyMatch(text::contains));
    }

    @Test
    void noPackageHasMoreClassesThanOneCanOversee() {
        assertThat(CLASSES.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> !isGenerated(type))
                        .collect(groupingBy(JavaClass::getPackageName, counting())))
                .allSatisfy((name, classes) -> assertThat(classes).isLessThanOrEqualTo(LARGEST_PACKAGE));
    }

    /** The texts in a class file that are no names: those with a blank. */
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

    private static boolean isGenerated(JavaClass type) {
        return type.getSimpleName().endsWith("Configurer")
                || type.getSimpleName().endsWith("UriFactory")
                || type.getSimpleName().endsWith("ConverterLoader");
    }

    private static boolean isOfThisModule(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    /** Empty for the root. */
    private static String packageOf(JavaClass type) {
        return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().substring(ROOT.length() + 1);
    }
}
