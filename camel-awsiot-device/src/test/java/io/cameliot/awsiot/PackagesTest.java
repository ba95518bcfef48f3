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

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packages of the component know each other in one direction, as their package-info.java says: the Camel API, what is
 * built on a connection, the connection, its two directions, its settings.
 */
class PackagesTest {

    private static final String ROOT = "io.cameliot.awsiot";
    private static final long LARGEST_PACKAGE = 15;

    /** Which packages of the component a package may know. The package of the Camel API may know all. */
    private static final Map<String, Set<String>> KNOWN = Map.ofEntries(
            Map.entry("topic", Set.of()),
            Map.entry("protocol", Set.of()),
            Map.entry("https.client", Set.of()),
            Map.entry("credentials", Set.of("protocol", "https.client")),
            Map.entry("auth", Set.of("credentials")),
            Map.entry("concurrent", Set.of()),
            Map.entry("settings", Set.of("auth", "protocol")),
            Map.entry("failure", Set.of("auth", "settings")),
            Map.entry("publish", Set.of("failure")),
            Map.entry("receive.order", Set.of()),
            Map.entry("receive", Set.of("topic", "concurrent", "settings", "failure", "receive.order")),
            Map.entry("link.machine", Set.of("concurrent", "failure")),
            Map.entry(
                    "link",
                    Set.of(
                            "protocol",
                            "auth",
                            "concurrent",
                            "settings",
                            "failure",
                            "publish",
                            "receive",
                            "link.machine")),
            Map.entry(
                    "https",
                    Set.of("https.client", "auth", "settings", "failure", "publish", "link", "request", "service")),
            Map.entry("outbox.store", Set.of("publish")),
            Map.entry("outbox", Set.of("concurrent", "settings", "publish", "link", "link.machine", "outbox.store")),
            Map.entry("request", Set.of("publish", "receive", "link")),
            Map.entry("service", Set.of("concurrent", "publish", "receive", "link", "request")),
            Map.entry("message", Set.of("topic", "settings", "publish", "service")),
            Map.entry("catchup", Set.of("receive", "report", "request", "service")),
            Map.entry(
                    "monitor", Set.of("protocol", "settings", "publish", "receive", "link", "link.machine", "outbox")),
            Map.entry("tracing", Set.of()),
            Map.entry("report", Set.of("publish")),
            Map.entry("job", Set.of("topic", "concurrent", "publish", "receive", "report")),
            Map.entry("command", Set.of("topic", "concurrent", "publish", "report")),
            Map.entry("provisioning.wire", Set.of("service")),
            Map.entry("provisioning.flow", Set.of("failure", "service", "provisioning.wire")),
            Map.entry("provisioning.identity", Set.of("service", "provisioning.wire", "provisioning.flow")),
            Map.entry(
                    "provisioning.fleet",
                    Set.of("service", "provisioning.wire", "provisioning.flow", "provisioning.identity")),
            Map.entry(
                    "provisioning",
                    Set.of(
                            "topic",
                            "protocol",
                            "service",
                            "provisioning.wire",
                            "provisioning.flow",
                            "provisioning.identity",
                            "provisioning.fleet")),
            Map.entry(
                    "route",
                    Set.of(
                            "settings",
                            "failure",
                            "publish",
                            "receive",
                            "link",
                            "request",
                            "service",
                            "catchup",
                            "message",
                            "report",
                            "job",
                            "command")));

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
        assertThat(CLASSES.stream().map(PackagesTest::packageOf).filter(name -> !name.isEmpty()))
                .containsAll(KNOWN.keySet())
                .isSubsetOf(KNOWN.keySet());
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** So none knows the package of the Camel API; the names of headers are constants, which the compiler copies. */
    @ParameterizedTest
    @MethodSource("packages")
    void packageKnowsNoOtherThanItMay(String name) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are of the component outside " + KNOWN.get(name),
                        other -> isOfTheComponent(other)
                                && !packageOf(other).equals(name)
                                && !KNOWN.get(name).contains(packageOf(other))))
                .check(CLASSES);
    }

    @Test
    void onlyTheCamelApiAndWhatGoesThroughRoutesKnowExchanges() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT, ROOT + ".message", ROOT + ".route", ROOT + ".provisioning", ROOT + ".tracing")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Exchange.class, Message.class)
                .check(CLASSES);
    }

    /** These, and the one for credentials, assert that they run on no event loop; what a route has put into a header is parsed on the thread of the route. */
    @Test
    void onlyOneClassForServicesAndOneForJobsParseWhatArrives() {
        noClasses()
                .that()
                .doNotHaveSimpleName("ServiceJson")
                .and()
                .doNotHaveSimpleName("JobMessages")
                .and()
                .doNotHaveSimpleName("JobOutcomes")
                .and()
                .doNotHaveSimpleName("RoleAliasAnswer")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "parses JSON",
                        call -> call.getTargetOwner().isAssignableTo(ObjectMapper.class)
                                && call.getName().startsWith("read")))
                .check(CLASSES);
    }

    @Test
    void whatDecidesKnowsNoConnectionNoClockAndNoThread() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".link.machine")
                .or()
                .haveSimpleNameEndingWith("Machine")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..",
                        "io.cameliot.common.mqtt.session..",
                        "io.cameliot.common.transport.connect..",
                        "org.apache.camel..",
                        "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(System.class, Thread.class, java.time.Clock.class, java.time.Instant.class)
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

    @Test
    void noPackageHasMoreClassesThanOneCanOversee() {
        assertThat(CLASSES.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .filter(type -> !isWrittenByCamel(type))
                        .collect(groupingBy(JavaClass::getPackageName, counting())))
                .allSatisfy((name, classes) -> assertThat(classes).isLessThanOrEqualTo(LARGEST_PACKAGE));
    }

    /** In src/generated. */
    private static boolean isWrittenByCamel(JavaClass type) {
        return type.getSimpleName().endsWith("Configurer")
                || type.getSimpleName().endsWith("UriFactory");
    }

    private static boolean isOfTheComponent(JavaClass type) {
        return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
    }

    /** Below {@link #ROOT}; empty for itself. */
    private static String packageOf(JavaClass type) {
        return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().substring(ROOT.length() + 1);
    }
}
