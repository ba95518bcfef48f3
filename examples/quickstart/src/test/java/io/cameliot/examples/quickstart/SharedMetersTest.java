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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.AwsIotDeviceComponent;
import io.cameliot.azure.dps.DpsComponent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Properties;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances of a component have the same meters: their names and tags are the same. */
class SharedMetersTest {

    private static final String PUBLISHED = "camel.awsiot.device.published";
    private static final String REGISTRATIONS = "camel.azure.dps.registrations";

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private Clouds clouds;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        clouds = Clouds.start();
        Properties properties = new Properties();
        properties.putAll(clouds.properties());
        camel.getPropertiesComponent().setInitialProperties(properties);
        camel.getRegistry().bind("metricsRegistry", registry);
        camel.addComponent("aws-north", new AwsIotDeviceComponent());
        camel.addComponent("dps-north", new DpsComponent());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                String device = ":a?endpoint={{aws.endpoint}}&caFile={{aws.caFile}}&connectTo={{aws.connectTo}}"
                        + "&certificateFile={{aws.certificateFile}}&privateKeyFile={{aws.privateKeyFile}}";
                String registration = ":{{dps.idScope}}/{{dps.registrationId}}"
                        + "?sharedAccessKey=RAW({{dps.sharedAccessKey}})"
                        + "&caFile={{dps.caFile}}&connectTo={{dps.connectTo}}";
                from("direct:publish").to("awsiot-device" + device);
                from("direct:publish-north").to("aws-north" + device);
                from("direct:register").to("azure-dps" + registration);
                from("direct:register-north").to("dps-north" + registration);
            }
        });
        camel.start();
        template = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
        clouds.close();
    }

    @Test
    void countForAllInstancesUntilTheLastOneStops() throws Exception {
        for (String route : new String[] {"publish", "publish-north", "register", "register-north"}) {
            template.requestBody("direct:" + route, "");
        }
        assertThat(count(PUBLISHED)).isEqualTo(2);
        assertThat(count(REGISTRATIONS, "outcome", "assigned")).isEqualTo(2);

        camel.removeComponent("aws-north").stop();
        camel.removeComponent("dps-north").stop();
        template.sendBody("direct:publish", "x");
        template.requestBody("direct:register", "");

        assertThat(count(PUBLISHED)).isEqualTo(3);
        assertThat(count(REGISTRATIONS, "outcome", "assigned")).isEqualTo(3);

        camel.stop();
        assertThat(registry.getMeters())
                .noneMatch(meter -> meter.getId().getName().startsWith("camel.a"));
    }

    private double count(String meter, String... tags) {
        return registry.get(meter).tags(tags).functionCounter().count();
    }
}
