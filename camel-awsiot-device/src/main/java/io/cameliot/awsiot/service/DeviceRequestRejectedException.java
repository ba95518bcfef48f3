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
package io.cameliot.awsiot.service;

import io.cameliot.common.text.ForeignText;
import org.apache.camel.CamelException;

/** Thrown when a service of AWS IoT Core rejects a request. */
public class DeviceRequestRejectedException extends CamelException {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final String code;
    private final String serviceMessage;
    private final boolean retryable;
    private final byte[] body;

    /**
     * Creates an exception.
     *
     * @param answer an answer that rejects a request
     */
    public DeviceRequestRejectedException(ServiceAnswer answer) {
        this(answer.call().topic(), answer.reason(), answer.body());
    }

    private DeviceRequestRejectedException(String topic, Rejection.Reason reason, byte[] body) {
        super(ForeignText.escaped("The request to topic '" + topic + "' was rejected with code " + reason.code()
                + (reason.message() == null ? "" : ": " + reason.message())
                + (reason.retryable() ? " (the same request can succeed later)" : "")));
        this.topic = topic;
        this.code = reason.code();
        this.serviceMessage = reason.message();
        this.retryable = reason.retryable();
        this.body = body;
    }

    /** Returns the topic of the request. */
    public String getTopic() {
        return topic;
    }

    /**
     * Returns the service's error code, such as {@code 409} from shadows or {@code VersionMismatch} from jobs;
     * {@code unknown} if the answer has none.
     */
    public String getCode() {
        return code;
    }

    /** Returns the service's message; null if it gave none. */
    public String getServiceMessage() {
        return serviceMessage;
    }

    /**
     * Returns whether the same request can succeed later without a change: after throttling and errors of the service.
     */
    public boolean isRetryable() {
        return retryable;
    }

    /** Returns the answer itself. The answer to a job's update may contain {@code executionState}. */
    public byte[] getBody() {
        return body.clone();
    }
}
