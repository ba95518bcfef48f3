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
package io.cameliot.benchmarks.peer;

import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.Registrar;
import io.cameliot.benchmarks.peer.client.MicrosoftRegistrar;
import io.cameliot.benchmarks.peer.route.Route;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.apache.camel.Exchange;

/** Creates the registrars of all peers. */
public final class Registrars {

    /** The id scope of the emulator. */
    private static final String ID_SCOPE = "0ne00000001";

    private static final String REGISTRATION_ID = "CamelAzureDpsRegistrationId";

    private Registrars() {}

    /**
     * Creates a registrar.
     *
     * @param concurrency maximum number of registrations at a time
     */
    public static Registrar of(Peer peer, ServerAddress server, int concurrency) throws Exception {
        return switch (peer) {
            case AZURE_DPS -> new RouteRegistrar(server, concurrency);
            case MICROSOFT -> new MicrosoftRegistrar(server, ID_SCOPE, groupKey(server));
            default -> throw new IllegalArgumentException(peer + " does not register");
        };
    }

    private static String groupKey(ServerAddress server) throws IOException {
        return Files.readString(server.groupKey());
    }

    private static final class RouteRegistrar implements Registrar {

        private final Route route;

        RouteRegistrar(ServerAddress server, int concurrency) throws Exception {
            String uri = "azure-dps:" + ID_SCOPE + "?authentication=groupKey&groupSharedAccessKey=RAW("
                    + groupKey(server) + ")&maxConcurrentRegistrations=" + concurrency
                    + "&defaultPollInterval=1&connectTo=127.0.0.1:"
                    + server.port() + "&caFile=file:" + server.authority();
            route = new Route(Map.of(), from -> from.to(uri));
        }

        @Override
        public void register(String registrationId, Completion completion) {
            Exchange exchange = route.exchange(null);
            exchange.getIn().setHeader(REGISTRATION_ID, registrationId);
            route.process(exchange, completion);
        }

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public void close() throws Exception {
            route.close();
        }
    }
}
