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
package io.cameliot.azure.dps;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.time.Duration;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.camel.Exchange;

/** Registers devices in a JVM of its own, in which everything is logged that can be. */
final class LoggedRegistrations {

    private LoggedRegistrations() {}

    /** Takes a device's key, a group's key, and one that the service does not know. */
    public static void main(String[] keys) throws Exception {
        logWhatTheJdkSays();
        EnrollmentKey key = EnrollmentKey.of(keys[0]);
        EnrollmentKey groupKey = EnrollmentKey.of(keys[1]);
        EnrollmentKey strangeKey = EnrollmentKey.of(keys[2]);
        try (DpsEmulator dps = DpsEmulator.builder()
                .retryAfter(Duration.ZERO)
                .enroll(
                        Enrollment.individual("dev").symmetricKey(key).build(),
                        Enrollment.group("group").symmetricKey(groupKey).build())
                .build()
                .start()) {
            dps.inject("dev", new DpsFault.DropBefore(DpsStep.POLL), 1);
            register(dps, "dev", DpsRoutes.key(key));
            register(dps, "boiler", DpsRoutes.groupKey(groupKey));
            register(
                    dps, "dev", DpsRoutes.key(strangeKey), "secondarySharedAccessKey=RAW(" + strangeKey.base64() + ")");
        }
    }

    private static void logWhatTheJdkSays() {
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        Logger.getLogger("").addHandler(console);
        Logger.getLogger("").setLevel(Level.ALL);
    }

    private static void register(DpsEmulator dps, String registrationId, String... options) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(dps)) {
            routes.registering(routes.uri(registrationId, options));
            Exchange exchange = routes.register();
            System.out.println("Outcome: " + exchange.getMessage().getBody() + " " + exchange.getException());
        }
    }
}
