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

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What an administrator does in Karaf's console, by the MBeans behind it. */
final class KarafManagement implements AutoCloseable {

    private static final String FEATURES = "org.apache.karaf:type=feature,name=root";
    private static final String BUNDLES = "org.apache.karaf:type=bundle,name=root";
    private static final String CAMEL_CONTEXTS = "org.apache.camel:type=context,*";

    private final JMXConnector connector;
    private final MBeanServerConnection server;

    private KarafManagement(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.server = connector.getMBeanServerConnection();
    }

    /** Waits until Karaf, which has just been started, offers it. */
    static KarafManagement connect(String registryPort, String serverPort, String user, String password)
            throws IOException {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi://127.0.0.1:%s/jndi/rmi://127.0.0.1:%s/karaf-root"
                .formatted(serverPort, registryPort));
        Map<String, ?> environment = Map.of(JMXConnector.CREDENTIALS, new String[] {user, password});
        return new KarafManagement(await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> JMXConnectorFactory.connect(url, environment), Objects::nonNull));
    }

    /** {@code feature:repo-add}. */
    void addFeatureRepository(String url) throws JMException, IOException {
        invoke(FEATURES, "addRepository", url);
    }

    /** {@code feature:install}. */
    void installFeature(String name) throws JMException, IOException {
        invoke(FEATURES, "installFeature", name);
    }

    /** {@code feature:uninstall}. */
    void uninstallFeature(String name) throws JMException, IOException {
        invoke(FEATURES, "uninstallFeature", name);
    }

    /** {@code bundle:install --start}. */
    void installBundle(String url) throws JMException, IOException {
        server.invoke(new ObjectName(BUNDLES), "install", new Object[] {url, true}, new String[] {
            "java.lang.String", "boolean"
        });
    }

    /** {@code bundle:uninstall}. */
    void uninstallBundle(String symbolicName) throws JMException, IOException {
        invoke(BUNDLES, "uninstall", symbolicName);
    }

    /** {@code bundle:restart}. */
    void restartBundle(String symbolicName) throws JMException, IOException {
        invoke(BUNDLES, "restart", symbolicName);
    }

    /** {@code bundle:stop}. */
    void stopBundle(String symbolicName) throws JMException, IOException {
        invoke(BUNDLES, "stop", symbolicName);
    }

    /** {@code bundle:start}. */
    void startBundle(String symbolicName) throws JMException, IOException {
        invoke(BUNDLES, "start", symbolicName);
    }

    /** The symbolic names of the installed bundles, each with its state, such as {@code Active}. */
    Map<String, String> bundles() throws JMException, IOException {
        return rows(BUNDLES, "Bundles")
                .collect(Collectors.toMap(
                        bundle -> bundle.get("Symbolic Name").toString(),
                        bundle -> bundle.get("State").toString(),
                        (first, second) -> first));
    }

    boolean isFeatureInstalled(String name) throws JMException, IOException {
        return rows(FEATURES, "Features")
                .anyMatch(feature -> feature.get("Name").equals(name)
                        && feature.get("Installed").equals(true));
    }

    /** How many Camel contexts are running. */
    int camelContexts() throws JMException, IOException {
        return server.queryNames(new ObjectName(CAMEL_CONTEXTS), null).size();
    }

    /** Sends a message to an endpoint, from the one Camel context that is running. */
    void send(String uri, String body) throws JMException, IOException {
        callContext("sendStringBody", uri, body);
    }

    /** Sends a message to an endpoint, from the one Camel context that is running, and waits for the answer. */
    String request(String uri, String body) throws JMException, IOException {
        return new String((byte[]) callContext("requestStringBody", uri, body), StandardCharsets.UTF_8);
    }

    private Object callContext(String operation, String uri, String body) throws JMException, IOException {
        ObjectName context = server.queryNames(new ObjectName(CAMEL_CONTEXTS), null)
                .iterator()
                .next();
        return server.invoke(context, operation, new Object[] {uri, body}, new String[] {
            String.class.getName(), String.class.getName()
        });
    }

    /** The threads that are executing code of one of the packages. */
    List<String> threadsIn(String... packages) throws IOException {
        ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(
                server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        return Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(thread -> Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> Stream.of(packages).anyMatch(frame.getClassName()::startsWith)))
                .map(ThreadInfo::toString)
                .toList();
    }

    /** The classes of which there are objects that the garbage collector cannot free. */
    Set<String> liveObjects() throws JMException, IOException {
        String histogram = (String) server.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.strip().split(" +"))
                .filter(columns -> columns.length > 3)
                .map(columns -> columns[3])
                .collect(Collectors.toSet());
    }

    private Stream<CompositeData> rows(String object, String attribute) throws JMException, IOException {
        TabularData table = (TabularData) server.getAttribute(new ObjectName(object), attribute);
        return table.values().stream().map(CompositeData.class::cast);
    }

    private void invoke(String object, String operation, String argument) throws JMException, IOException {
        server.invoke(
                new ObjectName(object), operation, new Object[] {argument}, new String[] {String.class.getName()});
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
