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
package io.cameliot.examples.camelk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Runs the YAML routes on Camel Quarkus, the runtime of Camel K. */
class CamelQuarkusTest extends YamlRoutesContract {

    @Override
    JavaProcess start(Path folder, Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put("camel.main.routes-include-pattern", "classpath:routes/*.yaml");
        return QuarkusApplication.start(folder, Map.of(), all);
    }

    @Test
    void showsTheMetersToPrometheus() {
        awaiting("published messages").untilAsserted(() -> assertThat(
                        QuarkusApplication.page(application(), "/q/metrics").lines())
                .anyMatch(line -> line.matches("camel_awsiot_device_acknowledged_messages_total\\{.*} [1-9].*"))
                .anyMatch(line -> line.matches("camel_awsiot_device_connections\\{.*state=\"CONNECTED\".*} 1\\.0"))
                .anyMatch(line -> line.matches("camel_azure_dps_registrations_total\\{.*} 1\\.0")));
    }
}
