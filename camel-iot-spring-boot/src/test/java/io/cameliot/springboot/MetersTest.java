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
package io.cameliot.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The bean that Spring Boot's Actuator makes is all that meters need. */
class MetersTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CamelAutoConfiguration.class, IotComponentAutoConfiguration.class))
            .withPropertyValues(
                    "camel.component.awsiot-device.endpoint=localhost",
                    "camel.component.awsiot-device.connect-to=localhost:1",
                    "camel.component.awsiot-device.authentication=custom",
                    "camel.component.awsiot-device.authorizer-name=any",
                    "camel.component.awsiot-device.username=any",
                    "camel.component.awsiot-device.password=any",
                    "camel.component.awsiot-device.await-connection=never")
            .withBean("routes", RouteBuilder.class, () -> new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:out").to("awsiot-device:out");
                }
            });

    /** The first name is Spring Boot's, the second one that of camel-micrometer. */
    @ParameterizedTest
    @ValueSource(strings = {"prometheusMeterRegistry", "metricsRegistry"})
    void areInTheRegistryOfTheApplicationWhileItRuns(String bean) {
        application.withBean(bean, MeterRegistry.class, () -> registry).run(context -> assertThat(
                        registry.get("camel.awsiot.device.connections")
                                .tag("endpoint", "localhost")
                                .gauges())
                .hasSize(4)
                .satisfies(states -> assertThat(states.stream().mapToDouble(state -> state.value()))
                        .containsOnlyOnce(1.0)));

        assertThat(registry.getMeters()).isEmpty();
    }
}
