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
package io.cameliot.awsiot;

import io.cameliot.awsiot.outbox.OutboxMode;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.request.RequestMode;
import io.cameliot.awsiot.request.RequestSettings;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.retry.OptionDuration;

/** Checks the options of requests. */
final class RequestOptions {

    private RequestOptions() {}

    /**
     * Checks the options and creates the settings.
     *
     * @throws IllegalArgumentException if options exclude each other; the message names them
     */
    static RequestSettings check(AwsIotDeviceConfiguration options) {
        if (options.getRequest() == RequestMode.always) {
            checkAlways(options);
        }
        return new RequestSettings(
                options.getRequest(),
                OptionDuration.ofMillis(options.getRequestTimeout()),
                options.isRejectedAsException());
    }

    private static void checkAlways(AwsIotDeviceConfiguration options) {
        if (options.getProtocol() == DeviceProtocol.https) {
            throw refused(
                    "protocol=https",
                    "by which no answer can be received: use protocol=mqtt or protocol=wss, or request=auto");
        }
        if (SessionOptions.version(options) != ProtocolVersion.V5) {
            throw refused(
                    "mqttVersion=" + options.getMqttVersion(),
                    "which has no response topics: use mqttVersion=5, or request=auto");
        }
        if (options.getOutbox() != OutboxMode.none) {
            throw refused(
                    "outbox=" + options.getOutbox(),
                    "from which a message goes out when nobody waits for its answer any more: use outbox=none, or"
                            + " request=auto");
        }
    }

    private static IllegalArgumentException refused(String other, String reason) {
        return new IllegalArgumentException("Option request=always is not possible with " + other + ", " + reason);
    }
}
