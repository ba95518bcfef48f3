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
package io.cameliot.examples.karaf;

import org.apache.camel.builder.RouteBuilder;

/** The device registers, reports its hub, and executes commands. */
final class DeviceRoutes extends RouteBuilder {

    private static final String DEVICE = "endpoint={{aws.endpoint}}&clientId={{aws.clientId}}"
            + "&certificateFile={{aws.certificateFile}}&privateKeyFile={{aws.privateKeyFile}}"
            + "&caFile={{?aws.caFile}}&connectTo={{?aws.connectTo}}";

    @Override
    public void configure() {
        from("azure-dps:{{dps.idScope}}/{{dps.registrationId}}?sharedAccessKey=RAW({{dps.sharedAccessKey}})"
                        + "&caFile={{?dps.caFile}}&connectTo={{?dps.connectTo}}")
                .routeId("provision")
                .setBody(simple("{\"hub\": \"${header.CamelAzureDpsAssignedHub}\"}"))
                .toD("awsiot-device:devices/${header.CamelAzureDpsDeviceId}/provisioned?" + DEVICE);

        from("awsiot-device:devices/{{aws.clientId}}/commands?" + DEVICE)
                .routeId("commands")
                .setBody(simple("{\"done\": ${body}}"))
                .to("awsiot-device:devices/{{aws.clientId}}/results?" + DEVICE);
    }
}
