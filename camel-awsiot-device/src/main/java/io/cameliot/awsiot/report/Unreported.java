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

import io.cameliot.common.text.ForeignText;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Why a request was not answered, or not accepted. */
public final class Unreported {

    private Unreported() {}

    /**
     * @param what was asked for, such as "the report of job 7"
     */
    public static IOException rejected(String what, Requester.Answer answer) {
        return new IOException(ForeignText.escaped("AWS IoT has rejected " + what + ": " + answer.code()
                + (answer.message() == null ? "" : " (" + answer.message() + ")")));
    }

    /** What a future has failed with. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    /**
     * What can be done without an answer. Nothing is known of the service then: even what the policy forbids can be mended.
     *
     * @param cause a {@link TimeoutException} or an {@link IOException} most of the time
     */
    public static ReportFailure kind(Throwable cause) {
        return cause instanceof IllegalArgumentException ? ReportFailure.LASTING : ReportFailure.PASSING;
    }
}
