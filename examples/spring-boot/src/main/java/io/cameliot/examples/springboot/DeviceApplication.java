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

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A device as a Spring Boot application. */
@SpringBootApplication
public class DeviceApplication {

    /**
     * Runs the application until it is stopped.
     *
     * @param arguments properties of Spring Boot, such as {@code --device.id=sensor-2}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(DeviceApplication.class, arguments);
    }
}
