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
package io.cameliot.testinfra.awsiot.auth;

import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Identifies a client by its certificate. The TLS handshake has already verified it. */
public final class CertificateAuthentication implements MqttAuthentication {
    @Override
    public Optional<Principal> authenticate(Channel channel, MqttConnectMessage connect) {
        return principal(channel);
    }

    public static Optional<Principal> principal(Channel channel) {
        return certificate(channel)
                .map(certificate ->
                        new Principal(Principal.Authentication.X509, DeviceCertificates.certificateId(certificate)));
    }

    /** Returns the certificate that the client has shown. */
    public static Optional<X509Certificate> certificate(Channel channel) {
        try {
            return Optional.of((X509Certificate) channel.pipeline()
                    .get(SslHandler.class)
                    .engine()
                    .getSession()
                    .getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
