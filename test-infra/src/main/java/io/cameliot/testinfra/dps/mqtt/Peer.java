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
package io.cameliot.testinfra.dps.mqtt;

import io.cameliot.testinfra.net.ClientHello;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The properties of a connection below MQTT.
 *
 * @param serverName the server name that the client requested (SNI, RFC 6066); empty if it sent none
 * @param tlsVersion JSSE's name of the TLS version
 * @param webSocketPath the path of the WebSocket; empty for MQTT without one
 * @param certificates the client's certificates, leaf first; empty if it sent none
 */
public record Peer(
        Optional<String> serverName,
        String tlsVersion,
        Optional<String> webSocketPath,
        List<X509Certificate> certificates) {

    /** The channel attribute with the path of the WebSocket. */
    static final AttributeKey<String> WEB_SOCKET_PATH = AttributeKey.valueOf(Peer.class, "webSocketPath");

    /** Copies the list. */
    public Peer {
        certificates = List.copyOf(certificates);
    }

    static Peer of(Channel channel) {
        SSLSession session = channel.pipeline().get(SslHandler.class).engine().getSession();
        return new Peer(
                channel.attr(ClientHello.ATTRIBUTE).get().serverName(),
                session.getProtocol(),
                Optional.ofNullable(channel.attr(WEB_SOCKET_PATH).get()),
                certificates(session));
    }

    private static List<X509Certificate> certificates(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            // JSSE throws this if the client sent no certificate, which is optional.
            return List.of();
        }
    }
}
