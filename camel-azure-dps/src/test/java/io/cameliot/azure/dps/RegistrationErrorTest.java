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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.DpsEmulatorExtension;
import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An exchange ends with the reason, whatever the code of others throws. */
class RegistrationErrorTest {

    @RegisterExtension
    static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder());

    static Stream<Error> errors() {
        return Stream.of(
                new NoClassDefFoundError("com/example/Missing"),
                new ExceptionInInitializerError("no such provider"),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsWithTheErrorOfAKeyStore(Error error) throws Exception {
        try (DpsRoutes routes = new DpsRoutes(DPS.emulator())) {
            AtomicInteger made = new AtomicInteger();
            routes.context()
                    .getComponent("azure-dps", DpsComponent.class)
                    .getConfiguration()
                    .setCaFile(null);
            routes.context().getRegistry().bind("tls", new SSLContextParameters() {
                @Override
                public SSLContext createSSLContext(CamelContext context) throws GeneralSecurityException, IOException {
                    // The route is to start.
                    if (made.incrementAndGet() > 1) {
                        throw error;
                    }
                    return super.createSSLContext(context);
                }
            });
            routes.registering(routes.uri("dev", DpsRoutes.key(EnrollmentKey.random()), "sslContextParameters=#tls"));

            CompletableFuture<Exchange> registered =
                    routes.context().createProducerTemplate().asyncSend("direct:register", exchange -> {});

            assertThat(registered.get(20, TimeUnit.SECONDS).getException())
                    .isInstanceOf(DeviceRegistrationException.class)
                    .hasRootCause(error);
        }
    }
}
