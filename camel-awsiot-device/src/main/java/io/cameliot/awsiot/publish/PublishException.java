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
package io.cameliot.awsiot.publish;

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.common.mqtt.MqttReasonException;
import io.cameliot.common.mqtt.PublishRefusedException;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;

/** A message that was not published, or not acknowledged in time. */
public class PublishException extends IOException {

    private static final long serialVersionUID = 1L;

    public PublishException(PublishRequest request, String reason, Throwable cause) {
        super(
                ForeignText.escaped("Message for topic '" + request.topic() + "' (QoS " + request.qos() + ") failed: "
                        + reason + (cause == null ? "" : ": " + told(cause))),
                cause);
    }

    /**
     * The reason code by which the server refused the message (MQTT 5 section 2.4), or by which it refused or ended the
     * connection that the message waited for; null if there was none.
     */
    public Integer getReasonCode() {
        return getCause() instanceof MqttReasonException reason ? reason.getReasonCode() : null;
    }

    /** Whether the server refused this very message, and would take others. */
    public boolean isRefusal() {
        return getCause() instanceof PublishRefusedException;
    }

    /** Whether it is a refusal that can pass: the same message may be taken later. */
    public boolean isPassingRefusal() {
        return getCause() instanceof PublishRefusedException refusal && AwsReasons.isPassing(refusal.getReasonCode());
    }

    /** Of an Error the message is little without its kind: a mere class name, for one. */
    private static String told(Throwable cause) {
        return cause instanceof Exception && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
