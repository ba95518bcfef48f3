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
package io.cameliot.awsiot.https;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.awsiot.auth.DeviceIdentity;
import io.cameliot.awsiot.https.client.HttpAnswer;
import io.cameliot.awsiot.request.AnswerLostException;
import io.cameliot.awsiot.request.AnsweredRequests;
import io.cameliot.awsiot.service.Rejection;
import io.cameliot.awsiot.service.ServiceAnswer;
import io.cameliot.awsiot.service.ServiceBody;
import io.cameliot.awsiot.service.ServiceCall;
import io.cameliot.common.retry.Backoff;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.text.ForeignText;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A request to the Device Shadow service by its REST API.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-rest-api.html">AWS IoT Developer
 *     Guide, Device Shadow REST API</a>
 */
final class ShadowRequest extends PendingCall<ServiceAnswer> {

    private static final byte[] NOTHING = new byte[0];

    private final ServiceCall call;
    private final HttpCall http;
    private final boolean repeatable;
    private final Duration timeout;

    private ShadowRequest(ServiceCall call, HttpCall http, boolean repeatable, Backoff backoff, Duration timeout) {
        super(backoff);
        this.call = call;
        this.http = http;
        this.repeatable = repeatable;
        this.timeout = timeout;
    }

    /**
     * Creates a request that was not sent yet.
     *
     * @param backoff the delays between two attempts
     * @throws IllegalArgumentException if AWS IoT Core has no such request by HTTPS, or would refuse it
     */
    static ShadowRequest of(
            ServiceCall call, byte[] payload, DeviceIdentity identity, Backoff backoff, Duration timeout) {
        if (!call.request().isShadow()) {
            throw new IllegalArgumentException("The answer to a request to topic '" + call.topic()
                    + "' does not come by protocol=https: use protocol=mqtt or protocol=wss, or request=never to publish"
                    + " without waiting for it");
        }
        if (identity instanceof CustomIdentity) {
            throw new IllegalArgumentException("The request to topic '" + call.topic() + "' is not possible by"
                    + " protocol=https with authentication=custom, by which AWS IoT Core takes publishes only: use"
                    + " protocol=mqtt or protocol=wss");
        }
        JsonNode body = ServiceBody.checked(call, payload);
        HttpMethod method = method(call);
        HttpCall http = new HttpCall(
                method,
                "/things/" + PublishRequestEncoder.encode(call.target()) + "/shadow",
                call.shadow() == null ? Map.of() : Map.of("name", List.of(call.shadow())),
                method == HttpMethod.POST ? payload : NOTHING);
        return new ShadowRequest(call, http, isRepeatable(method, body), backoff, timeout);
    }

    private static HttpMethod method(ServiceCall call) {
        return switch (call.request()) {
            case SHADOW_GET, NAMED_SHADOW_GET -> HttpMethod.GET;
            case SHADOW_DELETE, NAMED_SHADOW_DELETE -> HttpMethod.DELETE;
            default -> HttpMethod.POST;
        };
    }

    /** Returns whether a second execution of the request has the same effect as the first. */
    private static boolean isRepeatable(HttpMethod method, JsonNode body) {
        return method == HttpMethod.GET || method == HttpMethod.POST && !body.has("version");
    }

    @Override
    Content content() {
        return new Content(http, http.originForm(), Map.of());
    }

    @Override
    boolean isShort(HttpAnswer answer) {
        return false;
    }

    @Override
    Duration answered(HttpAnswer answer) {
        PublishAnswer read = PublishAnswer.of(answer);
        int status = answer.statusCode();
        if (status == 200 && read.json().isObject()) {
            done().complete(new ServiceAnswer(call, true, null, answer.body(), null, status, read.traceId()));
        } else if (status >= 400) {
            String code = Integer.toString(status);
            done().complete(new ServiceAnswer(
                    call,
                    false,
                    new Rejection.Reason(code, read.message(), Rejection.isPassing(code)),
                    answer.body(),
                    null,
                    status,
                    read.traceId()));
        } else {
            fail(new IOException(ForeignText.escaped("The answer to the request to topic '" + call.topic() + "', HTTP "
                    + status + ", is not AWS IoT Core's: check what is on the way to it (a proxy, a captive portal) and"
                    + " option proxy")));
        }
        return null;
    }

    /** Only a request that was not sent, or whose second execution does no harm, is sent again. */
    @Override
    Duration connectionFailed(IOException failure) {
        if (repeatable || !isSent()) {
            return next(failure);
        }
        fail(new AnswerLostException(call.topic(), failure));
        return null;
    }

    @Override
    IOException failure(String reason, Throwable cause) {
        return new IOException(
                ForeignText.escaped("The request to topic '" + call.topic() + "' failed: " + reason
                        + (cause == null ? "" : ": " + FailureText.of(cause))),
                cause);
    }

    void expire() {
        fail(AnsweredRequests.timeout(call.topic(), timeout, lastFailure()));
    }
}
