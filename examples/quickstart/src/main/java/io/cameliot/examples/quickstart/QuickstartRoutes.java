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
package io.cameliot.examples.quickstart;

import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/**
 * The routes, which know no emulator. Only properties set where they connect and with which keys (see
 * application.properties).
 */
final class QuickstartRoutes extends RouteBuilder {

    private static final String DEVICE = "endpoint={{aws.endpoint}}&clientId={{aws.clientId}}"
            + "&certificateFile={{aws.certificateFile}}&privateKeyFile={{aws.privateKeyFile}}"
            + "&caFile={{?aws.caFile}}&connectTo={{?aws.connectTo}}";

    private final Account account;

    QuickstartRoutes(Account account) {
        this.account = account;
    }

    @Override
    public void configure() {
        account.expect(Integer.parseInt(getContext().resolvePropertyPlaceholders("{{quickstart.readings}}")));
        onException(Exception.class)
                .process(exchange -> account.failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));

        // 1. The device registers and learns its hub.
        from("timer:start?repeatCount=1&delay=0")
                .routeId("provision")
                .setBody(constant(null))
                .to("azure-dps:{{dps.idScope}}/{{dps.registrationId}}?sharedAccessKey=RAW({{dps.sharedAccessKey}})"
                        + "&serviceHost={{dps.serviceHost}}&caFile={{?dps.caFile}}&connectTo={{?dps.connectTo}}")
                .process(exchange -> account.provisioned(
                        exchange.getMessage().getHeader("CamelAzureDpsDeviceId", String.class),
                        exchange.getMessage().getHeader("CamelAzureDpsAssignedHub", String.class)))
                .to("direct:publish");

        // 2. It publishes readings as JSON.
        from("direct:publish")
                .routeId("publish")
                .loop(simple("{{quickstart.readings}}"))
                .process(exchange -> exchange.getMessage()
                        .setBody(Map.of(
                                "device",
                                account.deviceId(),
                                "reading",
                                exchange.getProperty(Exchange.LOOP_INDEX, Integer.class) + 1,
                                "temperature",
                                18 + Math.random() * 6,
                                "time",
                                Instant.now().toString())))
                .marshal()
                .json(JsonLibrary.Jackson)
                .to("awsiot-device:quickstart/{{aws.clientId}}/readings?" + DEVICE)
                .process(exchange -> account.published());

        // 3. The readings come back, as to any other subscriber.
        from("awsiot-device:quickstart/+/readings?" + DEVICE)
                .routeId("readings")
                .unmarshal()
                .json(JsonLibrary.Jackson)
                .process(exchange -> account.received(exchange.getMessage().getBody(Map.class)));

        // 4. A command reaches the device.
        from("awsiot-device:quickstart/{{aws.clientId}}/commands?" + DEVICE)
                .routeId("commands")
                .convertBodyTo(String.class)
                .process(exchange -> account.command(exchange.getMessage().getBody(String.class)));

        // 5. A device that has nothing but a claim certificate becomes a thing on AWS.
        from("timer:claim?repeatCount=1&delay=0")
                .routeId("claim")
                .setBody(simple("{\"SerialNumber\": \"{{claim.serialNumber}}\"}"))
                .to("awsiot-provisioning:{{claim.template}}?endpoint={{aws.endpoint}}"
                        + "&identityDirectory={{claim.identityDirectory}}"
                        + "&certificateFile={{claim.certificateFile}}&privateKeyFile={{claim.privateKeyFile}}"
                        + "&caFile={{?aws.caFile}}&connectTo={{?aws.connectTo}}")
                .process(exchange -> account.claimed(
                        exchange.getMessage().getHeader("CamelAwsiotProvisioningThingName", String.class)));
    }
}
