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

import io.cameliot.testinfra.awsiot.auth.CertificateAuthentication;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.auth.SignedRequest;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher;
import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.server.HttpAuthentication.ForbiddenException;
import io.cameliot.testinfra.awsiot.session.GatewayServices;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.net.HttpReply;
import io.cameliot.testinfra.net.WebSocketUpgradeGuard;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AttributeKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the HTTPS requests of one connection: accepts publishes and refuses everything else. */
final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> implements WebSocketUpgradeGuard {
    /** The identity that the upgrade request has proven, if any. */
    static final AttributeKey<Principal> UPGRADED_BY = AttributeKey.valueOf(HttpHandler.class, "upgradedBy");

    private static final Logger LOG = LoggerFactory.getLogger(HttpHandler.class);

    private final boolean clientCertificate;
    private final HttpAuthentication authentication;
    private final GatewayServices services;
    private final BrokerPublisher publisher;
    private final HttpShadow shadows;
    private final RequestLog log;
    /** The answer to the latest request: pipelined requests are answered in order (RFC 9112, section 9.3.2). */
    private CompletableFuture<Void> answered = CompletableFuture.completedFuture(null);

    HttpHandler(
            GatewayPort port,
            boolean clientCertificate,
            HttpAuthentication authentication,
            GatewayServices services,
            BrokerPublisher publisher) {
        this.clientCertificate = clientCertificate;
        this.authentication = authentication;
        this.services = services;
        this.publisher = publisher;
        this.shadows = new HttpShadow(services);
        this.log = new RequestLog(port, services.journal());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        boolean readable = request.decoderResult().isSuccess();
        boolean keepAlive = readable && HttpUtil.isKeepAlive(request);
        String method = request.method().name();
        SignedRequest received = received(request);
        CompletableFuture<HttpReply> reply = readable
                ? answer(context.channel(), request, received)
                : CompletableFuture.completedFuture(AwsReply.invalidRequest("Not HTTP"));
        answered = answered.thenCombineAsync(
                reply,
                (before, now) -> {
                    log.add(context.channel(), method, received.path(), now.status());
                    now.send(context, keepAlive);
                    return null;
                },
                context.executor());
    }

    private CompletableFuture<HttpReply> answer(Channel channel, FullHttpRequest request, SignedRequest received) {
        services.counters().httpRequested();
        Optional<HttpReply> fault = injectedFault(channel);
        if (fault.isPresent()) {
            return CompletableFuture.completedFuture(fault.get());
        }
        if (received.path().startsWith(CredentialsHandler.PATH_PREFIX)) {
            return CompletableFuture.completedFuture(AwsReply.notFound()); // whoever asks: this is the wrong endpoint
        }
        try {
            Principal principal = authenticate(channel, received);
            Optional<HttpReply> ofShadow = shadows.answer(principal, received);
            if (ofShadow.isPresent()) {
                if (ofShadow.get().status() >= 400) {
                    refused(
                            channel,
                            ofShadow.get().status() == 403 ? AwsIotRule.POLICY : AwsIotRule.SERVICE_REQUEST,
                            ofShadow.get().status(),
                            () -> received.method() + " " + received.path() + ": "
                                    + ofShadow.get().body());
                }
                return CompletableFuture.completedFuture(ofShadow.get());
            }
            String path = received.path();
            if (!path.startsWith(HttpPublish.PATH)) {
                refused(channel, AwsIotRule.HTTP_REQUEST, 404, () -> "Nothing is at " + path);
                return CompletableFuture.completedFuture(AwsReply.notFound());
            }
            if (!request.method().equals(HttpMethod.POST)) {
                refused(channel, AwsIotRule.HTTP_REQUEST, 405, () -> "A publish is a POST to " + path);
                return CompletableFuture.completedFuture(AwsReply.methodNotAllowed());
            }
            return publish(
                    channel, HttpPublish.parse(path, received.query(), request.headers(), received.body()), principal);
        } catch (ForbiddenException e) {
            refused(channel, e.rule(), 403, e.detail());
            return CompletableFuture.completedFuture(AwsReply.forbidden(e.getMessage()));
        } catch (HttpPublish.InvalidException e) {
            refused(channel, AwsIotRule.HTTP_REQUEST, 400, e::getMessage);
            return CompletableFuture.completedFuture(AwsReply.invalidRequest(e.getMessage()));
        }
    }

    private Principal authenticate(Channel channel, SignedRequest received) throws ForbiddenException {
        return clientCertificate
                ? CertificateAuthentication.principal(channel)
                        .orElseThrow(() -> new ForbiddenException(
                                AwsIotRule.POLICY, "Forbidden", () -> "The connection has no client certificate"))
                : authentication.authenticate(received);
    }

    private CompletableFuture<HttpReply> publish(Channel channel, BrokerMessage message, Principal principal) {
        if (message.payload().length > Limits.PAYLOAD_BYTES) {
            refused(channel, AwsIotRule.SIZE, 413, () -> "The payload has " + message.payload().length + " bytes");
            return CompletableFuture.completedFuture(
                    AwsReply.tooLarge("The payload exceeds the maximum size of " + Limits.PAYLOAD_BYTES + " bytes"));
        }
        DevicePolicy policy = services.policyOf(Faults.NO_CLIENT_ID, principal);
        Optional<Action> forbidden = policy.forbiddenToPublish(message.topic(), message.retained());
        if (forbidden.isPresent()) {
            refused(channel, AwsIotRule.POLICY, 403, () -> policy.explain(forbidden.get(), message.topic()));
            return CompletableFuture.completedFuture(AwsReply.forbidden("Forbidden"));
        }
        services.counters().published();
        ReceivedPublish received = ReceivedPublish.byHttps(message);
        services.journal().publishes().add(received);
        services.events().published(message.topic(), received::toEvent);
        return publisher.publish(message).thenApply(done -> AwsReply.ok()).exceptionally(cause -> {
            LOG.warn("A message to {} was not published", message.topic(), cause);
            return AwsReply.internalFailure();
        });
    }

    @Override
    public Optional<HttpReply> refuse(FullHttpRequest request, Channel channel) {
        services.counters().httpRequested();
        SignedRequest received = received(request);
        Optional<HttpReply> refusal = injectedFault(channel).or(() -> judgeUpgrade(received, channel));
        if (refusal.isPresent()) {
            services.counters().connectRefused();
        }
        log.add(channel, "GET", received.path(), refusal.map(HttpReply::status).orElse(101));
        return refusal;
    }

    private Optional<HttpReply> judgeUpgrade(SignedRequest received, Channel channel) {
        if (clientCertificate) {
            refused(
                    channel,
                    AwsIotRule.HTTP_REQUEST,
                    403,
                    () -> "WebSocket takes no client certificate: upgrade on port 443");
            return Optional.of(AwsReply.forbidden("WebSocket takes no client certificate"));
        }
        try {
            authentication.authenticateUpgrade(received).ifPresent(principal -> channel.attr(UPGRADED_BY)
                    .set(principal));
            return Optional.empty();
        } catch (ForbiddenException e) {
            refused(channel, e.rule(), 403, e.detail());
            LOG.debug("{} may not upgrade: {}", channel, e.getMessage());
            return Optional.of(AwsReply.forbidden(e.getMessage()));
        }
    }

    private Optional<HttpReply> injectedFault(Channel channel) {
        return services.faults()
                .take(Fault.AnswerHttp.class, Faults.NO_CLIENT_ID, fault -> true)
                .map(fault -> {
                    refused(channel, AwsIotRule.INJECTED_FAULT, fault.status(), fault::toString);
                    return new HttpReply(fault.status(), fault.headers(), fault.body());
                });
    }

    private void refused(Channel channel, AwsIotRule rule, int status, Supplier<String> detail) {
        services.refused(channel, Faults.NO_CLIENT_ID, rule, () -> "HTTP status " + status, detail);
    }

    private static SignedRequest received(FullHttpRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : request.headers().names()) {
            headers.put(name, request.headers().getAll(name));
        }
        return new SignedRequest(
                request.method().name(), request.uri(), headers, ByteBufUtil.getBytes(request.content()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} failed", context.channel(), cause);
        context.close();
    }
}
