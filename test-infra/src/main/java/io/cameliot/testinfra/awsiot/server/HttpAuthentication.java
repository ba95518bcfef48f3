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
package io.cameliot.testinfra.awsiot.server;

import io.cameliot.testinfra.awsiot.auth.AuthorizerRequest;
import io.cameliot.testinfra.awsiot.auth.CustomAuthorizers;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.auth.SigV4RejectedException;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.auth.SignedRequest;
import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.channel.Channel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** Authenticates HTTPS and WebSocket clients without a certificate: Signature Version 4 or a custom authorizer. */
final class HttpAuthentication {
    private final SigV4Verifier verifier;
    private final CustomAuthorizers authorizers;

    HttpAuthentication(SigV4Verifier verifier, CustomAuthorizers authorizers) {
        this.verifier = verifier;
        this.authorizers = authorizers;
    }

    /** Authentication failed. The message is sent to the client. */
    static final class ForbiddenException extends Exception {
        private static final long serialVersionUID = 1L;

        private final AwsIotRule rule;
        private final transient Supplier<String> detail;

        ForbiddenException(AwsIotRule rule, String message) {
            this(rule, message, () -> message);
        }

        ForbiddenException(AwsIotRule rule, String message, Supplier<String> detail) {
            super(message);
            this.rule = rule;
            this.detail = detail;
        }

        AwsIotRule rule() {
            return rule;
        }

        /** What exactly was wrong, for the user of the emulator. */
        Supplier<String> detail() {
            return detail;
        }
    }

    /** Authenticates the sender of a request. */
    Principal authenticate(SignedRequest request) throws ForbiddenException {
        return find(request)
                .orElseThrow(
                        () -> new ForbiddenException(AwsIotRule.CREDENTIALS_MISSING, "Missing Authentication Token"));
    }

    /**
     * Authenticates a WebSocket upgrade.
     *
     * @return empty if the request has no credentials and a custom authorizer can still accept the CONNECT
     */
    Optional<Principal> authenticateUpgrade(SignedRequest request) throws ForbiddenException {
        Optional<Principal> principal = find(request);
        if (principal.isEmpty() && authorizers.isEmpty()) {
            throw new ForbiddenException(AwsIotRule.CREDENTIALS_MISSING, "Missing Authentication Token");
        }
        return principal;
    }

    private Optional<Principal> find(SignedRequest request) throws ForbiddenException {
        try {
            if (SigV4Verifier.isSigned(request)) {
                return Optional.of(verifier.verify(request));
            }
            AuthorizerRequest authorizerRequest = AuthorizerRequest.ofHttp(request);
            if (!authorizers.isAddressedBy(authorizerRequest)) {
                return Optional.empty();
            }
            Optional<Principal> principal = authorizers.authenticate(authorizerRequest);
            if (principal.isEmpty()) {
                throw new ForbiddenException(
                        AwsIotRule.NOT_AUTHENTICATED,
                        "Forbidden",
                        () -> authorizerRequest + " does not accept the token");
            }
            return principal;
        } catch (SigV4RejectedException e) {
            throw new ForbiddenException(e.rule(), e.getMessage(), e.detail());
        } catch (IllegalArgumentException e) {
            throw new ForbiddenException(AwsIotRule.HTTP_REQUEST, "Forbidden: " + e.getMessage());
        }
    }

    /** Authenticates a CONNECT packet with a custom authorizer. */
    Optional<Principal> authenticateConnect(MqttConnectMessage connect) {
        byte[] password = connect.payload().passwordInBytes();
        try {
            return authorizers.authenticate(AuthorizerRequest.ofConnect(
                    connect.payload().userName(),
                    password == null ? null : new String(password, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the identity proven by the upgrade, or authenticates the CONNECT. */
    Optional<Principal> authenticateWebSocket(Channel channel, MqttConnectMessage connect) {
        return Optional.ofNullable(channel.attr(HttpHandler.UPGRADED_BY).get()).or(() -> authenticateConnect(connect));
    }
}
