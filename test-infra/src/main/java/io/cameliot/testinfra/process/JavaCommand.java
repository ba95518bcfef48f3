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
package io.cameliot.testinfra.process;

import java.util.ArrayList;
import java.util.List;

/** Commands that start a class in a JVM of its own. */
public final class JavaCommand {

    /** No optimizing compiler, which costs more than it gives in seconds, and no verification of classes that javac made. */
    private static final List<String> SHORT_LIFE = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-BytecodeVerificationRemote");

    private JavaCommand() {}

    /**
     * Returns the command that starts a class in a JVM like this one, with its class path. The JVM takes the least processor
     * time in a short life.
     *
     * @param main has a main method
     * @param options options of the JVM
     * @param arguments arguments of the main method
     * @return the command, for a {@link ProcessBuilder}
     */
    public static List<String> of(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(SHORT_LIFE);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
