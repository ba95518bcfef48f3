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

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.text.ForeignText;

/**
 * AWS IoT Core answered an HTTPS publish request with an error, or something on the way answered in its place with anything
 * else than AWS's acknowledgement.
 */
public class HttpPublishException extends PublishException {

    private static final long serialVersionUID = 1L;

    private final int statusCode;
    private final String errorType;
    private final String traceId;

    /**
     * @param errorType the header {@code x-amzn-ErrorType}, may be null
     * @param message AWS's message
     * @param traceId AWS's trace id, may be null
     */
    public HttpPublishException(
            PublishRequest request, int statusCode, String errorType, String message, String traceId) {
        super(
                request,
                "HTTP " + statusCode + (errorType == null ? "" : " " + ForeignText.shown(errorType)) + ": "
                        + ForeignText.shown(message) + hint(statusCode)
                        + (traceId == null ? "" : " (trace id " + ForeignText.shown(traceId) + ")"),
                null);
        this.statusCode = statusCode;
        this.errorType = errorType;
        this.traceId = traceId;
    }

    private static String hint(int statusCode) {
        if (statusCode < 400) {
            return ": this is not AWS IoT Core's answer, which is 200 with a JSON object of message and traceId. Check what is"
                    + " on the way to it (a proxy, a captive portal) and option proxy";
        }
        return switch (statusCode) {
            case 400 -> ": check topic, qos and the message properties";
            case 401 -> ": check the credentials, and this machine's clock";
            case 403 ->
                ": check that the AWS IoT policy allows iot:Publish on this topic, the credentials, and this"
                        + " machine's clock";
            case 404, 405 -> ": check that option endpoint is the account's device data endpoint";
            case 413 -> ": the payload is too large";
            case 429 -> ": the account's publish rate is exceeded";
            default -> "";
        };
    }

    public int getStatusCode() {
        return statusCode;
    }

    /** AWS's name of the error, such as {@code ForbiddenException}; null if the answer had none. */
    public String getErrorType() {
        return errorType;
    }

    /** To be named to AWS support; null if the answer had none. */
    public String getTraceId() {
        return traceId;
    }

    /**
     * Whether the same request can succeed later: throttling, the server's own errors, and answers that are not AWS's.
     */
    public boolean isRetryable() {
        return statusCode < 400 || statusCode == 408 || statusCode == 429 || statusCode >= 500;
    }
}
