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

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Files, packages and parameter lists of every module stay small enough to be read at once. */
class SizeLimitsTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path SOURCES = Path.of("src", "main", "java");

    private static final int MOST_LINES = 350;
    private static final int MOST_CLASSES = 15;
    private static final int MOST_PARAMETERS = 7;

    /** Options with getters and setters and no logic. Camel's generator reads all options of an endpoint from one class. */
    private static final Set<String> OPTIONS = Set.of("AwsIotDeviceConfiguration.java", "DpsConfiguration.java");

    private static final List<Path> FILES = files();

    private static List<Path> files() {
        try (Stream<Path> all = Files.find(ROOT, 40, (file, attributes) -> isSource(ROOT.relativize(file)))) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSource(Path file) {
        String path = file.toString();
        return path.endsWith(".java") && path.contains(SOURCES.toString()) && !path.contains("target");
    }

    @Test
    void looksAtEveryModule() {
        assertThat(FILES)
                .extracting(file -> ROOT.relativize(file).getName(0).toString())
                .contains("benchmarks", "camel-awsiot-device", "camel-azure-dps", "camel-iot-common")
                .contains("camel-iot-spring-boot", "examples", "test-infra");
    }

    @Test
    void noFileOfLogicIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : FILES) {
            try (Stream<String> lines = Files.lines(file)) {
                if (lines.count() > MOST_LINES
                        && !OPTIONS.contains(file.getFileName().toString())) {
                    tooLong.add(file.toString());
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void noPackageHasTooManyClasses() {
        Map<Path, Long> classes = FILES.stream()
                .filter(file -> !file.endsWith("package-info.java"))
                .collect(groupingBy(Path::getParent, counting()));

        assertThat(classes).allSatisfy((folder, count) -> assertThat(count).isLessThanOrEqualTo(MOST_CLASSES));
    }

    @Test
    void noMethodConstructorOrRecordHasTooManyParameters() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Parameters parameters = new Parameters();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(FILES));
            for (CompilationUnitTree unit : task.parse()) {
                parameters.scan(unit, unit.getSourceFile().getName());
            }
        }
        // The scanner found records as well as methods.
        assertThat(parameters.records).isGreaterThan(100);
        assertThat(parameters.methods).isGreaterThan(1_000);
        assertThat(parameters.tooMany).isEmpty();
    }

    private static final class Parameters extends TreeScanner<Void, String> {

        private final List<String> tooMany = new ArrayList<>();
        private int records;
        private int methods;

        @Override
        public Void visitClass(ClassTree type, String file) {
            if (type.getKind() == Tree.Kind.RECORD) {
                records++;
                // The instance fields of a record are its components.
                check(
                        type.getSimpleName(),
                        type.getMembers().stream()
                                .filter(member -> member instanceof VariableTree field
                                        && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                                .count(),
                        file);
            }
            return super.visitClass(type, file);
        }

        @Override
        public Void visitMethod(MethodTree method, String file) {
            methods++;
            check(method.getName(), method.getParameters().size(), file);
            return super.visitMethod(method, file);
        }

        private void check(CharSequence name, long parameters, String file) {
            if (parameters > MOST_PARAMETERS) {
                tooMany.add(name + " has " + parameters + " parameters in " + file);
            }
        }
    }
}
