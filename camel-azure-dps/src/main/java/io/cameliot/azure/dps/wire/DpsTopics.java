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
package io.cameliot.azure.dps.wire;

/**
 * The MQTT topics and the user name of the Device Provisioning Service, as "Communicate with DPS using the MQTT
 * protocol" of the Azure documentation spells them.
 */
public final class DpsTopics {

    /** The only filter that the service accepts. */
    public static final String RESPONSE_FILTER = "$dps/registrations/res/#";

    private DpsTopics() {}

    /** The topic of a register request; {@code requestId} comes back in the answer's {@code $rid}. */
    public static String register(int requestId) {
        return "$dps/registrations/PUT/iotdps-register/?$rid=" + requestId;
    }

    /** The topic of a request for the status of a registration operation. */
    public static String operationStatus(int requestId, String operationId) {
        return "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=" + requestId + "&operationId="
                + PercentEncoding.encode(operationId);
    }

    /**
     * The MQTT user name. Unlike that of an IoT Hub, its {@code api-version} is a path segment.
     *
     * @param clientVersion what the client calls itself; it is percent-encoded here
     */
    public static String userName(String idScope, String registrationId, String apiVersion, String clientVersion) {
        return idScope + "/registrations/" + registrationId + "/api-version=" + apiVersion + "&ClientVersion="
                + PercentEncoding.encode(clientVersion);
    }
}
