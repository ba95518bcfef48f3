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

import io.cameliot.common.mqtt.session.InboundMessage;

/**
 * The answer of a service.
 *
 * @param accepted whether the service accepted the request
 * @param reason why the service rejected the request; null if it accepted it
 * @param body body of the answer
 * @param message the MQTT message with the answer; null over HTTPS
 * @param httpStatus status code of the HTTPS answer; null over MQTT
 * @param traceId AWS's trace id of an HTTPS answer; null over MQTT, or if the answer has none
 */
public record ServiceAnswer(
        ServiceCall call,
        boolean accepted,
        Rejection.Reason reason,
        byte[] body,
        InboundMessage message,
        Integer httpStatus,
        String traceId) {

    static ServiceAnswer of(ServiceCall call, InboundMessage answer) {
        boolean accepted = answer.topic().equals(call.accepted());
        return new ServiceAnswer(
                call,
                accepted,
                accepted ? null : call.request().rejection().read(answer.payload()),
                answer.payload(),
                answer,
                null,
                null);
    }

    /** Returns the client token of the answer; null if it has none. */
    public String clientToken() {
        return Correlation.CLIENT_TOKEN.inAnswer(ServiceJson.readOrNull(body));
    }
}
