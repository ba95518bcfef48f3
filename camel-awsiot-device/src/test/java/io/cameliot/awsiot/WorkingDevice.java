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

import io.cameliot.awsiot.testing.Contexts;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;

/** A device in a JVM of its own, which runs what its route is given, or holds it for ever. */
final class WorkingDevice {

    private WorkingDevice() {}

    /**
     * Prints a line for each message that enters the route.
     *
     * @param arguments URI of the consumer; URI to which the progress is sent before the message is held, or nothing to
     *     hold none
     */
    public static void main(String[] arguments) throws Exception {
        CamelContext camel = Contexts.withoutJmx();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                var route = from(arguments[0]);
                if (arguments.length > 1) {
                    route.setBody(constant("{\"status\":\"IN_PROGRESS\",\"statusDetails\":{\"step\":\"1\"}}"))
                            .setExchangePattern(ExchangePattern.InOut)
                            .toD(arguments[1]);
                }
                route.process(exchange -> System.out.println(told(exchange.getMessage())));
                if (arguments.length > 1) {
                    route.process(exchange -> Thread.currentThread().join());
                }
            }
        });
        camel.start();
        System.out.println("started");
        Thread.currentThread().join();
    }

    private static String told(Message message) {
        String id = Optional.ofNullable(message.getHeader(AwsIotDeviceConstants.JOB_ID, String.class))
                .orElseGet(() -> message.getHeader(AwsIotDeviceConstants.EXECUTION_ID, String.class));
        return id + " " + message.getHeader(AwsIotDeviceConstants.STATUS_DETAILS);
    }
}
