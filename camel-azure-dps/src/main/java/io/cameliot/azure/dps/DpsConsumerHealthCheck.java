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

/** Down until the device is assigned, and while its latest registration failed. */
class DpsConsumerHealthCheck extends AbstractHealthCheck {

    private final DpsConsumer consumer;

    DpsConsumerHealthCheck(DpsConsumer consumer) {
        super("camel", "consumer:azure-dps-" + consumer.getRouteId());
        this.consumer = consumer;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        DpsEndpoint endpoint = consumer.getEndpoint();
        builder.detail("service.host", endpoint.getConfiguration().getServiceHost());
        builder.detail("registration.id", endpoint.getRegistrationId());
        Throwable failure = consumer.latestFailure();
        if (failure != null) {
            builder.down().message(failure.getMessage()).error(failure);
        } else if (consumer.isAssigned()) {
            builder.up();
        } else {
            builder.down().message("The device " + endpoint.getRegistrationId() + " is not registered yet");
        }
    }
}
