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

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.api.management.ManagedAttribute;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The page for operators names tests and attributes that there are. */
class OperationsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Path TESTS = Path.of("target", "test-classes");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void namesATestForEachGuarantee() throws IOException {
        List<String> rows = rows("## What is guaranteed", "## How to watch it");

        assertThat(rows).hasSizeGreaterThan(25).allMatch(row -> TEST.matcher(row)
                .find());
        assertThat(rows.stream().flatMap(row -> TEST.matcher(row).results()))
                .allMatch(name -> isTest(name.group(1), name.group(2)), "is a test");
    }

    @Test
    void namesEachAttributeOfAConnection() throws IOException {
        List<String> named = rows("### JMX", "### What a fault looks like").stream()
                .map(row -> row.split("\\|")[1])
                .flatMap(cell -> NAME.matcher(cell).results())
                .map(name -> name.group(1))
                .toList();

        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(AwsIotDeviceConnectionView.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(ManagedAttribute.class))
                        .map(method -> method.getName().substring("get".length()))
                        .toList());
    }

    /** The rows of the tables between two headings, without their heads. */
    private static List<String> rows(String from, String to) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        List<String> section = lines.subList(lines.indexOf(from), lines.indexOf(to));
        return section.stream()
                .filter(line -> line.startsWith("| "))
                .filter(line -> !line.startsWith("| guarantee") && !line.startsWith("| attribute"))
                .filter(line -> !line.startsWith("| ---"))
                .toList();
    }

    private static boolean isTest(String type, String method) {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.getFileName().toString().equals(type + ".class"))
                    .map(OperationsPageTest::load)
                    .flatMap(loaded -> Arrays.stream(loaded.getDeclaredMethods()))
                    .filter(candidate -> candidate.getName().equals(method))
                    .anyMatch(OperationsPageTest::isTest);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }

    private static Class<?> load(Path file) {
        String path = TESTS.relativize(file).toString();
        String name = path.substring(0, path.length() - ".class".length())
                .replace(file.getFileSystem().getSeparator(), ".");
        try {
            return Class.forName(name, false, OperationsPageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
