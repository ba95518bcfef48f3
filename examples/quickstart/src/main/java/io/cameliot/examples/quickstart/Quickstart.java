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

import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/**
 * Provisions a device through {@code azure-dps:}, publishes from it and receives through {@code awsiot-device:}, and
 * prints each step and a summary. Exits with 0 on success, and with 1 and the reason on failure.
 *
 * <p>Starts emulators and runs against them, unless property {@code quickstart.emulators} is {@code false}: then all
 * other properties come from application.properties, system properties or the environment.
 */
public final class Quickstart {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Quickstart() {}

    public static void main(String[] arguments) {
        try {
            System.out.print(run());
            System.exit(0);
        } catch (Exception e) {
            System.err.println("The quickstart failed: " + reason(e));
            System.exit(1);
        }
    }

    private static String run() throws Exception {
        if (Boolean.parseBoolean(System.getProperty("quickstart.emulators", "true"))) {
            System.out.println("Starting emulators of both clouds");
            try (Clouds clouds = Clouds.start()) {
                return run(clouds.properties(), clouds::sendCommand);
            }
        }
        return run(new Properties(), () -> {});
    }

    /**
     * Runs the routes.
     *
     * @param properties override those of application.properties
     * @param started called when the routes are running
     * @return the summary
     * @throws Exception the first failure
     */
    static String run(Properties properties, Runnable started) throws Exception {
        Instant start = Instant.now();
        Main main = new Main();
        main.setOverrideProperties(properties);
        Account account = new Account();
        main.configure().addRoutesBuilder(new QuickstartRoutes(account));
        try {
            main.start();
            CamelContext camel = main.getCamelContext();
            if (camel == null || !camel.isStarted()) {
                throw new IllegalStateException("Camel did not start");
            }
            started.run();
            account.await(LIMIT);
        } finally {
            main.stop();
        }
        return account.print(Duration.between(start, Instant.now()));
    }

    /** The innermost message says what to do; the outer ones only say where the failure happened. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && !cause.getCause().getClass().getName().startsWith("java")
                && !cause.getCause().getClass().getName().startsWith("sun")) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
