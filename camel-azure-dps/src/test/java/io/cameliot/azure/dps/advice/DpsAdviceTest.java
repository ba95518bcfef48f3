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
package io.cameliot.azure.dps.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.azure.dps.DpsEndpointUriFactory;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DpsAdviceTest {

    /** The names behind "option" and "options": one, or some with "and" between them. */
    private static final Pattern NAMED = Pattern.compile("options? (\\w+(?: and (?!the\\b|that\\b)\\w+)*)");

    private static final Set<String> OPTIONS = new DpsEndpointUriFactory().propertyNames();

    private static final List<ServerAddress> ADDRESSES = List.of(
            new ServerAddress("server.test", 8883, null, null),
            new ServerAddress("server.test", 8883, new HostAndPort("127.0.0.1", 1), null),
            new ServerAddress("server.test", 8883, null, ProxyAddress.parse("http://127.0.0.1:3128", "options")));

    @ParameterizedTest
    @EnumSource
    void namesOnlyOptionsThatTheComponentHas(ConnectFault fault) {
        assertThat(namedOptions(fault)).isSubsetOf(OPTIONS);
    }

    @Test
    void adviceOnAllFaultsTogetherNamesOptions() {
        assertThat(Stream.of(ConnectFault.values()).flatMap(fault -> namedOptions(fault)))
                .contains("serviceHost", "connectTo", "proxy", "webSocketPath");
    }

    private static Stream<String> namedOptions(ConnectFault fault) {
        return ADDRESSES.stream()
                .map(address -> new TlsTarget(
                        address, TlsOffer.of(null).withAlpn("mqtt"), null, Duration.ofSeconds(1), DpsAdvice.ON_CONNECT))
                .map(target -> target.advice(fault))
                .flatMap(advice -> namedOptions(advice));
    }

    private static Stream<String> namedOptions(String advice) {
        Matcher named = NAMED.matcher(advice);
        return named.results().flatMap(result -> Arrays.stream(result.group(1).split(" and ")));
    }
}
