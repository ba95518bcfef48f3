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
 * The MQTT topics and the MQTT user name of the Device Provisioning Service, as "Communicate with DPS using the MQTT
 * protocol" in the Azure documentation specifies them.
 */
public final class DpsTopics {

    /** The only filter that the service accepts. */
    public static final String RESPONSE_FILTER = "$dps/registrations/res/#";

    private DpsTopics() {}

    /** Returns the topic of a register request. The answer repeats {@code requestId} as {@code $rid}. */
    public static String register(int requestId) {
        return "$dps/registrations/PUT/iotdps-register/?$rid=" + requestId;
    }

    /** Returns the topic of a request for the status of a registration operation. */
    public static String operationStatus(int requestId, String operationId) {
        return "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=" + requestId + "&operationId="
                + PercentEncoding.encode(operationId);
    }

    /**
     * Returns the MQTT user name. Its {@code api-version} is a path segment, unlike that of an IoT hub's user name.
     *
     * @param clientVersion the name and version of the client; this method percent-encodes them
     */
    public static String userName(String idScope, String registrationId, String apiVersion, String clientVersion) {
        return idScope + "/registrations/" + registrationId + "/api-version=" + apiVersion + "&ClientVersion="
                + PercentEncoding.encode(clientVersion);
    }
}
