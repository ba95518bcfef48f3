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

import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.peer.client.AwsSdkClient;
import io.cameliot.benchmarks.peer.client.HiveMqPublisher;
import io.cameliot.benchmarks.peer.client.HttpClientPublisher;
import io.cameliot.benchmarks.peer.client.PahoAsyncPublisher;
import io.cameliot.benchmarks.peer.client.SocketPublisher;
import io.cameliot.benchmarks.peer.route.CamelUris;
import io.cameliot.benchmarks.peer.route.RoutePublisher;
import io.cameliot.benchmarks.server.ServerAddress;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.support.jsse.SSLContextParameters;

/** Creates the publishers of all peers. */
public final class Publishers {

    private static final String TLS = "tls";
    private static final String CONFIGURER = "keepConnections";
    private static final HttpClientConfigurer KEEP_CONNECTIONS =
            builder -> builder.setUserTokenHandler((route, context) -> null);

    private Publishers() {}

    /** Creates a connected MQTT publisher. */
    public static Publisher mqtt(Peer peer, PublishSettings settings) throws Exception {
        ServerAddress server = settings.server();
        String identity = settings.identity();
        return switch (peer) {
            case AWSIOT_DEVICE ->
                new RoutePublisher(
                        CamelUris.awsIotDevice(server, identity, settings.topic(), "&alpn=none&qos=" + settings.qos()),
                        Map.of());
            case PAHO ->
                new RoutePublisher(
                        CamelUris.paho("paho", server, identity, settings.topic(), settings.qos()) + "&maxInflight="
                                + CamelUris.PAHO_MAX_INFLIGHT,
                        socketFactory(server, identity));
            case PAHO_MQTT5 ->
                new RoutePublisher(
                        CamelUris.paho("paho-mqtt5", server, identity, settings.topic(), settings.qos()),
                        socketFactory(server, identity));
            case HIVEMQ -> new HiveMqPublisher(settings);
            case AWS_SDK -> AwsSdkClient.publisher(settings);
            case PAHO_ASYNC -> new PahoAsyncPublisher(settings);
            case SOCKET -> new SocketPublisher(settings);
            case EMPTY_ROUTE -> new RoutePublisher(Map.of(), from -> from.process(exchange -> {}));
            default -> throw new IllegalArgumentException(peer + " does not publish by MQTT");
        };
    }

    /** Creates an HTTPS publisher, which connects with the first message. */
    public static Publisher https(Peer peer, PublishSettings settings) throws Exception {
        ServerAddress server = settings.server();
        return switch (peer) {
            case AWSIOT_DEVICE ->
                new RoutePublisher(
                        CamelUris.awsIotDevice(
                                server, settings.identity(), settings.topic(), "&protocol=https&qos=" + settings.qos()),
                        Map.of());
            case HTTP -> new RoutePublisher(http(settings, ""), Map.of(TLS, tls(settings)));
            case HTTP_KEPT ->
                new RoutePublisher(
                        http(settings, "&httpClientConfigurer=#" + CONFIGURER),
                        Map.of(TLS, tls(settings), CONFIGURER, KEEP_CONNECTIONS));
            case HTTP_CLIENT -> new HttpClientPublisher(settings);
            default -> throw new IllegalArgumentException(peer + " does not publish by HTTPS");
        };
    }

    private static String http(PublishSettings settings, String more) {
        return HttpClientPublisher.url(settings).replace("%2F", "/") + "&sslContextParameters=#" + TLS + more;
    }

    static Map<String, Object> socketFactory(ServerAddress server, String identity) {
        return Map.of(
                CamelUris.SOCKET_FACTORY,
                PemIdentity.of(server, identity).context().getSocketFactory());
    }

    private static SSLContextParameters tls(PublishSettings settings) {
        SSLContext context =
                PemIdentity.of(settings.server(), settings.identity()).context();
        return new SSLContextParameters() {
            @Override
            public SSLContext createSSLContext(CamelContext camelContext) {
                return context;
            }
        };
    }
}
