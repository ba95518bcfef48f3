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
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages of this module know each other in one direction, as their package-info.java says. */
class PackagesTest {

    private static final String ROOT = "io.cameliot.azure.dps";
    private static final long LARGEST_PACKAGE = 15;

    /** Which packages of this module a package may know. */
    private static final Map<String, Set<String>> KNOWN = Map.of(
            "wire", Set.of(),
            "attestation", Set.of("wire"),
            "store", Set.of("wire"),
            "camel", Set.of("wire"),
            "registration", Set.of("wire"),
            "transport", Set.of("wire", "attestation", "registration"),
            "fleet", Set.of("wire", "attestation", "store", "camel", "registration", "transport"),
            "", Set.of("wire", "attestation", "store", "camel", "registration", "transport", "fleet"));

    static {
        // Packages are known by name; to look for the classes of libraries takes half a minute.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

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
    @ValueSource(strings = {"wire", "attestation", "store", "camel", "registration", "transport", "fleet", ""})
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
    void onlyTheComponentAndPackageCamelKnowCamel() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".*")
                .and()
                .resideOutsideOfPackage(ROOT + ".camel")
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

    @Test
    void noPackageHasMoreClassesThanOneCanOversee() {
        assertThat(CLASSES.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> !isGenerated(type))
                        .collect(groupingBy(JavaClass::getPackageName, counting())))
                .allSatisfy((name, classes) -> assertThat(classes).isLessThanOrEqualTo(LARGEST_PACKAGE));
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
