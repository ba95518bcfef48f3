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
import io.cameliot.common.text.FailureText;
import io.cameliot.common.text.ForeignText;
import java.io.IOException;

/** Thrown when a message was not published, or not acknowledged in time. */
public class PublishException extends IOException {

    private static final long serialVersionUID = 1L;

    public PublishException(PublishRequest request, String reason, Throwable cause) {
        super(
                ForeignText.escaped("Message for topic '" + request.topic() + "' (QoS " + request.qos() + ") failed: "
                        + reason + (cause == null ? "" : ": " + FailureText.of(cause))),
                cause);
    }

    /**
     * Returns the reason code of the server's refusal of the message (MQTT 5 section 2.4), or of its refusal or end of
     * the connection that the message waited for; null if there was none.
     */
    public Integer getReasonCode() {
        return getCause() instanceof MqttReasonException reason ? reason.getReasonCode() : null;
    }

    /** Returns whether the server refused this message, and may accept others. */
    public boolean isRefusal() {
        return getCause() instanceof PublishRefusedException;
    }

    /** Returns whether the refusal is temporary: the server may accept the same message later. */
    public boolean isPassingRefusal() {
        return getCause() instanceof PublishRefusedException refusal && AwsReasons.isPassing(refusal.getReasonCode());
    }

    /** Returns whether the server refused this message, and will not accept it later either. */
    public boolean isLastingRefusal() {
        return isRefusal() && !isPassingRefusal();
    }
}
