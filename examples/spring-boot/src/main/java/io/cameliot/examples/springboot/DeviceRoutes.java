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
package io.cameliot.examples.springboot;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The routes. Only the components' properties set how they connect and authenticate. */
@Component
class DeviceRoutes extends RouteBuilder {

    @Override
    public void configure() {
        from("azure-dps:{{dps.id-scope}}/{{device.id}}")
                .routeId("provision")
                .log("Device ${header.CamelAzureDpsDeviceId} belongs to ${header.CamelAzureDpsAssignedHub}")
                .to("awsiot-device:devices/{{device.id}}/provisioned?retained=true");

        from("timer:reading?period={{reading.period}}")
                .routeId("publish")
                .setBody(simple("{\"temperature\": ${random(18,24)}}"))
                .to("awsiot-device:devices/{{device.id}}/readings");

        from("awsiot-device:devices/{{device.id}}/commands")
                .routeId("commands")
                .log("Command: ${body}")
                .to("awsiot-device:devices/{{device.id}}/reported");
    }
}
