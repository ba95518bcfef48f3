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
package io.cameliot.awsiot.report;

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Describes why a request was not answered or not accepted. */
public final class Unreported {

    private Unreported() {}

    /**
     * Creates the exception of a rejected request.
     *
     * @param what the request, such as "the report of job 7"
     */
    public static IOException rejected(String what, Requester.Answer answer) {
        return new IOException(ForeignText.escaped("AWS IoT has rejected " + what + ": " + answer.code()
                + (answer.message() == null ? "" : " (" + answer.message() + ")")));
    }

    /**
     * Describes the end of an execution whose report AWS IoT has refused because the execution has ended.
     *
     * @param unanswered whether an earlier report of the same outcome got no answer
     */
    public static String ended(boolean unanswered) {
        return unanswered
                ? "has ended, by an earlier report of its outcome whose answer is missing, or otherwise"
                : "has ended otherwise while it was in the route";
    }

    /** Returns the failure of a future without its wrapper. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    /**
     * Returns the kind of a failure without an answer. It says nothing about the service, and even a missing permission
     * can be granted later, so a retry may succeed. Only a message that can never be sent fails for good.
     *
     * @param cause usually a {@link TimeoutException} or an {@link IOException}
     */
    public static ReportFailure kind(Throwable cause) {
        return cause instanceof IllegalArgumentException || isRefusedForGood(cause)
                ? ReportFailure.LASTING
                : ReportFailure.UNANSWERED;
    }

    private static boolean isRefusedForGood(Throwable cause) {
        return cause instanceof PublishException refused
                && refused.isLastingRefusal()
                && refused.getReasonCode() != MqttReasonCode.NOT_AUTHORIZED.code();
    }
}
