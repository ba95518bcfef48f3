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
 * Explains what AWS IoT Core means by the status of its response to an HTTPS publish, and what the user can do.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html">AWS IoT API Reference,
 *     Publish</a>
 */
public final class HttpReasons {

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    private HttpReasons() {}

    /** Returns whether the response is an error of AWS IoT Core, which reports failures only with these statuses. */
    private static boolean isError(int status) {
        return status >= 400;
    }

    /**
     * Returns whether the same request can succeed later: after throttling, a server error, or a response that is not
     * from AWS.
     */
    public static boolean isPassing(int status) {
        return !isError(status) || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= 500;
    }

    /** Returns advice for the status; empty if there is none. */
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
