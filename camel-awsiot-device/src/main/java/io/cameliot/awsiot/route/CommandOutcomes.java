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
package io.cameliot.awsiot.route;

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.command.CommandOutcome;
import io.cameliot.awsiot.report.ExecutionRejectedException;
import java.util.Map;
import org.apache.camel.Exchange;

/** Creates the outcome of a command from the exchange of its route. */
final class CommandOutcomes {

    private CommandOutcomes() {}

    /**
     * Creates an outcome.
     *
     * @param given the body that entered the route, which does not count as a result
     */
    static CommandOutcome of(Exchange exchange, Object given) {
        if (FailureReason.isFailed(exchange)) {
            return failed(exchange, FailureReason.of(exchange));
        }
        try {
            return CommandOutcome.succeeded(
                    exchange.getMessage().getBody() == given ? Map.of() : CommandResult.of(exchange));
        } catch (Throwable e) {
            // Errors too: the body is an object of the user, and the command needs an outcome.
            return failed(exchange, e);
        }
    }

    private static CommandOutcome failed(Exchange exchange, Throwable failure) {
        String code = codeOf(exchange);
        return new CommandOutcome(
                failure instanceof ExecutionRejectedException
                        ? CommandOutcome.Status.REJECTED
                        : CommandOutcome.Status.FAILED,
                code == null || code.isBlank() ? FailureReason.code(failure) : FailureReason.code(code),
                FailureReason.description(failure),
                null);
    }

    /** Returns the reason code of the route; null if there is none that can be read. */
    private static String codeOf(Exchange exchange) {
        try {
            return exchange.getMessage().getHeader(AwsIotDeviceConstants.ERROR_CODE, String.class);
        } catch (Throwable e) {
            // The exception of the route says why it has failed, and not this one.
            return null;
        }
    }
}
