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

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The emulators test the components. Therefore they share no code with the components, and no simple class name that
 * could be confused with one of theirs.
 */
class EmulatorIndependenceTest {

    private static final String EMULATORS = "io.cameliot.testinfra..";
    private static final String[] COMPONENTS = {
        "io.cameliot.common..", "io.cameliot.awsiot..", "io.cameliot.azure..", "io.cameliot.springboot.."
    };

    static {
        // Only the names of other libraries' classes matter here; reading the classes takes long.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.cameliot");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.cameliot.common.mqtt.session.MqttSession",
                "io.cameliot.awsiot.AwsIotDeviceComponent",
                "io.cameliot.azure.dps.DpsComponent",
                "io.cameliot.testinfra.awsiot.AwsIotEmulator",
                "io.cameliot.testinfra.dps.DpsEmulator"
            })
    void looksAtEmulatorsAndComponents(String type) {
        assertThat(ALL.contain(type)).isTrue();
    }

    @Test
    void emulatorsDependOnNoComponent() {
        noClasses()
                .that()
                .resideInAPackage(EMULATORS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(COMPONENTS)
                .check(ALL);
    }

    @Test
    void componentsDependOnNoEmulator() {
        noClasses()
                .that()
                .resideInAnyPackage(COMPONENTS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(EMULATORS)
                .check(ALL);
    }

    @Test
    void emulatorsAndComponentsShareNoSimpleClassName() {
        Set<String> ofComponents = topLevel(JavaClass.Predicates.resideInAnyPackage(COMPONENTS))
                .map(JavaClass::getSimpleName)
                .collect(toSet());

        assertThat(topLevel(JavaClass.Predicates.resideInAPackage(EMULATORS)))
                .isNotEmpty()
                .extracting(JavaClass::getSimpleName)
                .doesNotContainAnyElementsOf(ofComponents);
    }

    @Test
    void packagesOfTheEmulatorsFormNoCycle() {
        slices().matching("io.cameliot.testinfra.(**)")
                .should()
                .beFreeOfCycles()
                .check(ALL);
    }

    private static Stream<JavaClass> topLevel(DescribedPredicate<JavaClass> which) {
        return ALL.stream().filter(which).filter(JavaClass::isTopLevelClass).filter(type -> !type.getSimpleName()
                .equals("package-info"));
    }
}
