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
package io.cameliot.awsiot.failure;

/**
 * What AWS IoT Core means by the status of its answer to an HTTPS publish, and what to do.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html">AWS IoT API Reference,
 *     Publish</a>
 */
public final class HttpReasons {

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    private HttpReasons() {}

    /** Whether the answer is an error of AWS IoT Core: it has no other answers that report a failure. */
    private static boolean isError(int status) {
        return status >= 400;
    }

    /** Whether the same request can succeed later: throttling, the server's own errors, and answers that are not AWS's. */
    public static boolean isPassing(int status) {
        return !isError(status) || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= 500;
    }

    /** What to do; empty if nothing can be said. */
    public static String publish(int status) {
        if (!isError(status)) {
            return "this is not AWS IoT Core's answer, which is 200 with a JSON object of message and traceId. Check what is"
                    + " on the way to it (a proxy, a captive portal) and option proxy";
        }
        return switch (status) {
            case 400 -> "check topic, qos and the message properties";
            case 401 -> "check the credentials, and this machine's clock";
            case 403 ->
                "check that the AWS IoT policy allows iot:Publish on this topic, the credentials, and this"
                        + " machine's clock";
            case 404, 405 -> "check that option endpoint is the account's device data endpoint";
            case 413 -> "the payload is too large";
            case TOO_MANY_REQUESTS -> "the account's publish rate is exceeded";
            default -> "";
        };
    }
}
