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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** Micrometer and camel-telemetry are optional: without them the components run, and have no meters and no spans. */
class WithoutMicrometerTest {

    @Test
    void componentsRunWithoutTheOptionalLibraries() throws Exception {
        try (URLClassLoader without = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> without.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> without.loadClass("org.apache.camel.telemetry.Span"))
                    .isInstanceOf(ClassNotFoundException.class);
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(without);
            try {
                Callable<?> routes = (Callable<?>) without.loadClass(Routes.class.getName())
                        .getDeclaredConstructor()
                        .newInstance();

                assertThat(routes.call()).isEqualTo("Started, Stopped");
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
        }
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer") && !entry.contains("camel-telemetry"))
                .map(File::new)
                .map(WithoutMicrometerTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(File file) {
        try {
            return file.toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs with the classes of the other class loader. Opens a connection, a fleet of each kind, and nothing to connect to. */
    public static final class Routes implements Callable<String> {

        @Override
        public String call() throws Exception {
            try (CamelContext camel = new DefaultCamelContext()) {
                camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        String device =
                                "endpoint=localhost&connectTo=localhost:1&authentication=custom&authorizerName=a"
                                        + "&username=u&password=p";
                        from("direct:publish").to("awsiot-device:out?awaitConnection=never&outbox=memory&" + device);
                        from("direct:register")
                                .to(
                                        "azure-dps:0ne00000001?sharedAccessKey=RAW(MDEyMzQ1Njc4OTAxMjM0NTY3ODk=)&connectTo=localhost:1");
                    }
                });
                camel.start();
                String started = camel.getStatus().name();
                camel.stop();
                return started + ", " + camel.getStatus().name();
            }
        }
    }
}
