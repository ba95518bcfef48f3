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
package io.cameliot.awsiot.receive;

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.common.mqtt.MqttReasonCode;
import io.cameliot.common.mqtt.MqttReasonException;

/**
 * Thrown when the server refuses the subscription to a topic filter (MQTT 5 section 3.9.3, MQTT 3.1.1 section 3.9.3).
 */
public class SubscriptionRefusedException extends MqttReasonException {

    private static final long serialVersionUID = 1L;

    private static final int NO_REASON = MqttReasonCode.UNSPECIFIED_ERROR.code();

    /**
     * @param reasonCode reason code of the SUBACK; MQTT 3.1.1 has only 128, which gives no reason
     */
    public SubscriptionRefusedException(String filter, int reasonCode, ConnectionSettings settings) {
        super(
                reasonCode,
                AwsReasons.with(
                        "The subscription to topic filter '" + filter + "' was refused for " + settings
                                + (reasonCode == NO_REASON
                                        ? ""
                                        : " with reason code " + MqttReasonCode.text(reasonCode)),
                        AwsReasons.subscribe(reasonCode, filter)));
    }

    /** Creates the exception for a filter of a kind that the server declared unavailable in its CONNACK. */
    SubscriptionRefusedException(String filter, MqttReasonException unavailable) {
        super(
                unavailable.getReasonCode(),
                "No subscription to topic filter '" + filter + "': " + unavailable.getMessage());
    }
}
