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
package io.cameliot.karaf.itest;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes the bundles {@code org.apache.camel.karaf:*} from the Camel jars on the class path, for builds whose repository
 * does not hold them. They stand in for camel-karaf's own in these tests only: who installs the features gets
 * camel-karaf's.
 */
final class CamelKarafStandIns {

    /** Bundles that camel-karaf's feature camel-core lists, without a jar of that name in this Camel line. */
    private static final List<String> EMPTY = List.of("camel-directvm", "camel-vm", "camel-karaf-shell");

    private final String camelVersion;
    private final String version;
    private final Path instructions;
    private final Path repository;

    private CamelKarafStandIns(String camelVersion, String version, Path instructions, Path repository) {
        this.camelVersion = camelVersion;
        this.version = version;
        this.instructions = instructions;
        this.repository = repository;
    }

    /**
     * @param arguments the version of Camel, the version of camel-karaf, the folder of the bnd files, and the folder to
     *     write, which gets the layout of a Maven repository
     */
    public static void main(String[] arguments) throws Exception {
        new CamelKarafStandIns(arguments[0], arguments[1], Path.of(arguments[2]), Path.of(arguments[3])).write();
    }

    private void write() throws Exception {
        Map<String, Path> jars = camelJars();
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            write(jar.getKey(), jars);
        }
        for (String bundle : EMPTY) {
            write(bundle, jars);
        }
    }

    private Map<String, Path> camelJars() {
        String end = "-" + camelVersion + ".jar";
        Map<String, Path> jars = new TreeMap<>();
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .forEach(jar -> {
                    String name = jar.getFileName().toString();
                    if (name.startsWith("camel-") && name.endsWith(end)) {
                        jars.put(name.substring(0, name.length() - end.length()), jar);
                    }
                });
        return jars;
    }

    private void write(String bundle, Map<String, Path> jars) throws Exception {
        try (Analyzer analyzer = new Analyzer(new Jar(bundle))) {
            analyzer.setProperty("bundle", bundle);
            analyzer.setProperty("version", version);
            analyzer.addProperties(instructions.resolve("default.bnd").toFile());
            Path own = instructions.resolve(bundle + ".bnd");
            if (Files.exists(own)) {
                analyzer.addProperties(own.toFile());
            }
            for (String part : List.of(bundle, analyzer.getProperty("merged", bundle))) {
                if (jars.containsKey(part)) {
                    addContent(analyzer, jars.get(part));
                }
            }
            analyzer.getJar().setManifest(analyzer.calcManifest());
            if (!analyzer.isOk()) {
                throw new IOException(bundle + ": " + analyzer.getErrors());
            }
            analyzer.getJar().write(file(bundle).toFile());
        }
    }

    private static void addContent(Analyzer analyzer, Path jar) throws Exception {
        Jar stock = new Jar(jar.toFile());
        analyzer.addClose(stock);
        stock.remove("META-INF/MANIFEST.MF");
        analyzer.getJar().addAll(stock);
    }

    private Path file(String bundle) throws IOException {
        Path folder = Files.createDirectories(
                repository.resolve("org/apache/camel/karaf").resolve(bundle).resolve(version));
        return folder.resolve(bundle + "-" + version + ".jar");
    }
}
