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
package io.cameliot.common.provisioning;

import io.cameliot.common.text.FailureText;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** A health check that is down as long as its supplier returns a reason. */
public final class ProvisioningHealthCheck extends AbstractHealthCheck {

    private final Map<String, String> details;
    private final Supplier<Optional<Down>> down;

    /**
     * A reason to be down.
     *
     * @param message the message of the check's result
     * @param error the exception, or {@code null}
     */
    public record Down(String message, Throwable error) {

        /** Returns a failure as a reason; empty for {@code null}. */
        public static Optional<Down> because(Throwable failure) {
            return Optional.ofNullable(failure).map(error -> new Down(FailureText.of(error), error));
        }
    }

    /**
     * Creates the check of a producer or consumer.
     *
     * @param id the id, such as {@code consumer:azure-dps-route1}
     * @param details the details of every result
     * @param down returns the reason to be down; empty while the check is up
     */
    public ProvisioningHealthCheck(String id, Map<String, String> details, Supplier<Optional<Down>> down) {
        super("camel", id);
        this.details = details;
        this.down = down;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        details.forEach(builder::detail);
        Optional<Down> reason = down.get();
        if (reason.isEmpty()) {
            builder.up();
            return;
        }
        builder.down().message(reason.get().message());
        if (reason.get().error() != null) {
            builder.error(reason.get().error());
        }
    }
}
