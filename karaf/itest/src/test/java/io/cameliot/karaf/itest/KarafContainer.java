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

import static org.ops4j.pax.exam.CoreOptions.vmOptions;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.keepRuntimeFolder;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.spi.PaxExamRuntime;

/** A Karaf of its own in a process of its own, started by Pax Exam and managed by JMX. */
final class KarafContainer implements AutoCloseable {

    private static final String VERSION = System.getProperty("itest.karaf.version");

    /** Those of Karaf's bin/karaf, which Pax Exam does not use. */
    private static final String[] JAVA_OPTIONS = {
        "--add-reads=java.xml=java.logging",
        "--add-exports=java.base/org.apache.karaf.specs.locator=java.xml,ALL-UNNAMED",
        "--patch-module=java.base=lib/endorsed/org.apache.karaf.specs.locator-" + VERSION + ".jar",
        "--patch-module=java.xml=lib/endorsed/org.apache.karaf.specs.java.xml-" + VERSION + ".jar",
        "--add-opens=java.base/java.security=ALL-UNNAMED",
        "--add-opens=java.base/java.net=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED",
        "--add-opens=java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.file=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.ftp=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.http=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.https=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.protocol.jar=ALL-UNNAMED",
        "--add-exports=java.base/sun.net.www.content.text=ALL-UNNAMED",
        "--add-exports=jdk.naming.rmi/com.sun.jndi.url.rmi=ALL-UNNAMED",
        "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
        "-classpath",
        String.join(File.pathSeparator, "lib/jdk9plus/*", "lib/boot/*")
    };

    private final TestContainer container;
    private final KarafManagement management;
    private final Path home;

    private KarafContainer(TestContainer container, KarafManagement management, Path home) {
        this.container = container;
        this.management = management;
        this.home = home;
    }

    /**
     * @param distribution Karaf's tar.gz
     * @param folder an empty folder for it
     * @param repositories more Maven repositories than Karaf's own
     * @param files entries of files in etc, by the name of the file
     */
    static KarafContainer start(
            Path distribution, Path folder, List<Path> repositories, Map<String, Map<String, String>> files)
            throws IOException {
        String password = UUID.randomUUID().toString();
        List<Option> options = new ArrayList<>();
        options.add(karafDistributionConfiguration()
                .frameworkUrl(distribution.toUri().toString())
                .unpackDirectory(folder.toFile())
                .useDeployFolder(false));
        options.add(keepRuntimeFolder());
        options.add(vmOptions(JAVA_OPTIONS));
        options.add(configureConsole().ignoreLocalConsole().ignoreRemoteShell());
        options.add(put("users.properties", "karaf", password + ",admin,manager,viewer,systembundles"));
        options.add(put(
                "org.ops4j.pax.url.mvn.cfg",
                "org.ops4j.pax.url.mvn.defaultRepositories",
                defaultRepositories(repositories)));
        files.forEach((file, entries) -> entries.forEach((key, value) -> options.add(put(file, key, value))));

        TestContainer container =
                PaxExamRuntime.createContainer(PaxExamRuntime.createTestSystem(options.toArray(Option[]::new)));
        container.start();
        try {
            Path home = home(folder);
            return new KarafContainer(container, connect(home, password), home);
        } catch (IOException | RuntimeException e) {
            container.stop();
            throw e;
        }
    }

    KarafManagement management() {
        return management;
    }

    /** The lines of Karaf's log that name an exception. */
    List<String> errors() throws IOException {
        try (Stream<String> lines = Files.lines(home.resolve("data/log/karaf.log"))) {
            return lines.filter(line -> line.contains("Exception")).toList();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            management.close();
        } finally {
            container.stop();
        }
    }

    private static Option put(String file, String key, Object value) {
        return editConfigurationFilePut("etc/" + file, key, value.toString());
    }

    private static String defaultRepositories(List<Path> repositories) {
        List<String> urls = new ArrayList<>();
        urls.add("${karaf.home.uri}${karaf.default.repository}@id=system.repository@snapshots");
        for (Path repository : repositories) {
            urls.add(repository.toUri() + "@id=" + repository.getFileName() + "@snapshots");
        }
        return String.join(", ", urls);
    }

    private static Path home(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(path -> Files.exists(path.resolve("data/log")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("No Karaf in " + folder));
        }
    }

    private static KarafManagement connect(Path home, String password) throws IOException {
        Properties ports = new Properties();
        try (Reader file = Files.newBufferedReader(home.resolve("etc/org.apache.karaf.management.cfg"))) {
            ports.load(file);
        }
        return KarafManagement.connect(
                ports.getProperty("rmiRegistryPort"), ports.getProperty("rmiServerPort"), "karaf", password);
    }
}
