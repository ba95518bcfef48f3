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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.auth.CertificateAuthentication;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.UriEncoding;
import io.cameliot.testinfra.awsiot.credentials.CredentialsRefusedException;
import io.cameliot.testinfra.awsiot.credentials.CredentialsRefusedException.Reason;
import io.cameliot.testinfra.awsiot.credentials.RoleAliases;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.session.GatewayServices;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.net.HttpReply;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection to the credentials provider. */
final class CredentialsHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialsHandler.class);

    private static final String THING_NAME_HEADER = "x-amzn-iot-thingname";
    static final String PATH_PREFIX = "/role-aliases/";

    private static final Pattern PATH = Pattern.compile(PATH_PREFIX + "(?<alias>[^/]+)/credentials");

    private final RoleAliases roleAliases;
    private final GatewayServices services;
    private final RequestLog log;

    CredentialsHandler(RoleAliases roleAliases, GatewayServices services) {
        this.roleAliases = roleAliases;
        this.services = services;
        this.log = new RequestLog(GatewayPort.MULTIPLEXED_443, services.journal());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        services.counters().httpRequested();
        boolean readable = request.decoderResult().isSuccess();
        HttpReply reply = readable ? answer(context.channel(), request) : AwsReply.invalidRequest("Not HTTP");
        log.add(context.channel(), request.method().name(), path(request), reply.status());
        reply.send(context, readable && HttpUtil.isKeepAlive(request));
    }

    private HttpReply answer(Channel channel, FullHttpRequest request) {
        Optional<Fault.AnswerCredentials> fault =
                services.faults().take(Fault.AnswerCredentials.class, Faults.NO_CLIENT_ID, candidate -> true);
        if (fault.isPresent()) {
            return json(fault.get().status(), fault.get().body());
        }
        Matcher path = PATH.matcher(path(request));
        if (!path.matches()) {
            return AwsReply.notFound();
        }
        if (!request.method().equals(HttpMethod.GET)) {
            return AwsReply.methodNotAllowed();
        }
        String alias;
        try {
            alias = UriEncoding.decode(path.group("alias"));
        } catch (IllegalArgumentException e) {
            services.refused(
                    channel,
                    Faults.NO_CLIENT_ID,
                    AwsIotRule.HTTP_REQUEST,
                    () -> "HTTP status 400",
                    () -> "The role alias is not percent-encoded: " + e.getMessage());
            return AwsReply.invalidRequest("Invalid encoding: " + e.getMessage());
        }
        try {
            return json(
                    200,
                    body(roleAliases.assume(
                            alias,
                            CertificateAuthentication.certificate(channel).orElseThrow(),
                            Optional.ofNullable(request.headers().get(THING_NAME_HEADER)))));
        } catch (CredentialsRefusedException e) {
            services.refused(
                    channel,
                    Faults.NO_CLIENT_ID,
                    AwsIotRule.ROLE_ALIAS,
                    () -> "HTTP status " + (e.reason() == Reason.NOT_FOUND ? 404 : 403),
                    () -> "Role alias " + path.group("alias") + ": " + e.getMessage());
            return e.reason() == Reason.NOT_FOUND
                    ? AwsReply.notFound()
                    : json(403, StrictJson.text(StrictJson.object().put("message", e.getMessage())));
        }
    }

    private static String path(FullHttpRequest request) {
        return new QueryStringDecoder(request.uri()).rawPath();
    }

    private static String body(IamCredentials credentials) {
        ObjectNode body = StrictJson.object();
        body.putObject("credentials")
                .put("accessKeyId", credentials.accessKeyId())
                .put("secretAccessKey", credentials.secretAccessKey())
                .put("sessionToken", credentials.sessionToken().orElseThrow())
                .put("expiration", credentials.expiration().orElseThrow().toString());
        return StrictJson.text(body);
    }

    private static HttpReply json(int status, String body) {
        return new HttpReply(status, Map.of("content-type", "application/json"), body);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} failed", context.channel(), cause);
        context.close();
    }
}
