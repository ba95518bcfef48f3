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

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.awsiot.failure.HttpReasons;
import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.text.ForeignText;

/**
 * Thrown when an HTTPS publish request fails: AWS IoT Core answered with an error, or an intermediary answered without
 * AWS's acknowledgement.
 */
public class HttpPublishException extends PublishException {

    private static final long serialVersionUID = 1L;

    private final int statusCode;
    private final String errorType;
    private final String traceId;

    /**
     * Creates an exception.
     *
     * @param errorType the header {@code x-amzn-ErrorType}, may be null
     * @param message AWS's message
     * @param traceId AWS's trace id, may be null
     */
    public HttpPublishException(
            PublishRequest request, int statusCode, String errorType, String message, String traceId) {
        super(
                request,
                AwsReasons.with(
                                "HTTP " + statusCode + (errorType == null ? "" : " " + ForeignText.shown(errorType))
                                        + ": " + ForeignText.shown(message),
                                HttpReasons.publish(statusCode))
                        + (traceId == null ? "" : " (trace id " + ForeignText.shown(traceId) + ")"),
                null);
        this.statusCode = statusCode;
        this.errorType = errorType;
        this.traceId = traceId;
    }

    public int getStatusCode() {
        return statusCode;
    }

    /** Returns AWS's name of the error, such as {@code ForbiddenException}; null if the answer had none. */
    public String getErrorType() {
        return errorType;
    }

    /** Returns the trace id, by which AWS support finds the request; null if the answer had none. */
    public String getTraceId() {
        return traceId;
    }

    /**
     * Returns whether the same request can succeed later: after throttling, server errors, and answers that are not
     * AWS's.
     */
    public boolean isRetryable() {
        return HttpReasons.isPassing(statusCode);
    }
}
