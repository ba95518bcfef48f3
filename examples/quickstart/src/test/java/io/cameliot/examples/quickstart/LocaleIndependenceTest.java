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

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No released class uses the letters, digits or words of the JVM's default locale. */
class LocaleIndependenceTest {

    /**
     * The alternative to each of these methods is an overload with a {@link Locale} or, for characters, a comparison
     * with the intended characters.
     */
    private static final Set<String> LOCALE_DEPENDENT = Set.of(
            "java.lang.String.toLowerCase()",
            "java.lang.String.toUpperCase()",
            "java.lang.String.format(java.lang.String, [Ljava.lang.Object;)",
            "java.lang.String.formatted([Ljava.lang.Object;)",
            "java.io.PrintStream.printf(java.lang.String, [Ljava.lang.Object;)",
            "java.io.PrintStream.format(java.lang.String, [Ljava.lang.Object;)",
            "java.io.PrintWriter.printf(java.lang.String, [Ljava.lang.Object;)",
            "java.io.PrintWriter.format(java.lang.String, [Ljava.lang.Object;)",
            "java.util.Formatter.<init>()",
            "java.util.Formatter.<init>(java.lang.Appendable)",
            "java.text.DecimalFormat.<init>(java.lang.String)",
            "java.text.SimpleDateFormat.<init>(java.lang.String)",
            "java.text.MessageFormat.<init>(java.lang.String)",
            "java.text.MessageFormat.format(java.lang.String, [Ljava.lang.Object;)",
            "java.text.NumberFormat.getInstance()",
            "java.text.NumberFormat.getIntegerInstance()",
            "java.text.NumberFormat.getNumberInstance()",
            "java.time.format.DateTimeFormatter.ofPattern(java.lang.String)",
            "java.time.format.DateTimeFormatterBuilder.toFormatter()",
            "java.util.Locale.getDefault()",
            "java.util.Locale.getDefault(java.util.Locale$Category)",
            "java.lang.Character.isDigit(char)",
            "java.lang.Character.isDigit(int)",
            "java.lang.Character.isLetter(char)",
            "java.lang.Character.isLetter(int)",
            "java.lang.Character.isLetterOrDigit(char)",
            "java.lang.Character.isLetterOrDigit(int)",
            "java.lang.Character.getNumericValue(char)",
            "java.lang.Character.getNumericValue(int)");

    static {
        // The class files of this project contain all the necessary information; resolving those of libraries takes a
        // minute.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses RELEASED = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.cameliot");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.cameliot.common.mqtt.session.MqttSession",
                "io.cameliot.awsiot.AwsIotDeviceComponent",
                "io.cameliot.azure.dps.DpsComponent",
                "io.cameliot.springboot.IotComponentAutoConfiguration",
                "io.cameliot.testinfra.awsiot.AwsIotEmulator"
            })
    void looksAtEveryModule(String type) {
        assertThat(RELEASED.contain(type)).isTrue();
    }

    /** The exception is code that Camel generates; {@code OptionConfigurer} makes it independent of the locale. */
    @Test
    void asksForNothingThatDependsOnTheLocale() {
        noClasses()
                .that(describe("are ours", type -> !type.isAssignableTo(GeneratedPropertyConfigurer.class)))
                .should()
                .accessTargetWhere(describe("depends on the locale", LocaleIndependenceTest::isLocaleDependent))
                .check(RELEASED);
    }

    @Test
    void seesThatWhatCamelGeneratesDoesDepend() {
        assertThat(RELEASED).anySatisfy(type -> {
            assertThat(type.isAssignableTo(GeneratedPropertyConfigurer.class)).isTrue();
            assertThat(type.getAccessesFromSelf()).anyMatch(LocaleIndependenceTest::isLocaleDependent);
        });
    }

    private static boolean isLocaleDependent(JavaAccess<?> access) {
        return LOCALE_DEPENDENT.contains(access.getTarget().getFullName());
    }
}
