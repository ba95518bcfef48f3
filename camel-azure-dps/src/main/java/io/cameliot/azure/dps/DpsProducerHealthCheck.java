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
package io.cameliot.azure.dps;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Down while the service can't be used. That it refuses one device does not count. */
class DpsProducerHealthCheck extends AbstractHealthCheck {

    private final DpsProducer producer;

    DpsProducerHealthCheck(DpsProducer producer) {
        super("camel", "producer:azure-dps-" + producer.getEndpoint().getId());
        this.producer = producer;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        DeviceRegistrationException trouble = producer.serviceTrouble();
        builder.detail("service.host", producer.getEndpoint().getConfiguration().getServiceHost());
        if (trouble == null) {
            builder.up();
        } else {
            builder.down().message(trouble.getMessage()).error(trouble);
        }
    }
}
