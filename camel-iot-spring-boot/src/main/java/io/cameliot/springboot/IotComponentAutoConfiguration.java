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

import org.apache.camel.spi.ComponentCustomizer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Configures the components of Camel IoT with Spring Boot's properties {@code camel.component.awsiot-device.*}, {@code
 * camel.component.awsiot-provisioning.*} and
 * {@code camel.component.azure-dps.*}. Every option of a component is a property, with relaxed binding.
 */
@AutoConfiguration
public class IotComponentAutoConfiguration {

    @Bean
    ComponentCustomizer iotComponentProperties(Environment environment) {
        return new ComponentProperties(Binder.get(environment));
    }
}
