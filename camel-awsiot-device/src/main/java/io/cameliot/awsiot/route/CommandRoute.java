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
import io.cameliot.awsiot.command.Command;
import io.cameliot.awsiot.command.CommandReports;
import io.cameliot.awsiot.command.CommandTopic;
import io.cameliot.awsiot.message.ArrivedMessage;
import io.cameliot.awsiot.receive.InboundDelivery;
import io.cameliot.awsiot.receive.InboundQueue;
import io.cameliot.awsiot.report.ExecutionRejectedException;
import io.cameliot.common.mqtt.session.InboundMessage;
import io.cameliot.common.text.ForeignText;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Passes commands to a route and creates their outcomes. */
public final class CommandRoute implements InboundQueue.Route {

    private final RouteEntry entry;
    private final CommandReports commands;

    public CommandRoute(RouteEntry entry, CommandReports commands) {
        this.entry = entry;
        this.commands = commands;
    }

    /**
     * Checks the options of a consumer of commands.
     *
     * @throws IllegalArgumentException if an option is not possible; the message names the option and the allowed
     *     values
     */
    public static void requireOptions(boolean subscribe) {
        if (!subscribe) {
            throw new IllegalArgumentException("Option subscribe=false is not possible for a consumer that reports the"
                    + " outcome of commands, which come to subscribers only: use subscribe=true, or report=none");
        }
    }

    /** Sets body and headers of a command. It is a message with the id of the execution as a further header. */
    public static void fill(Message message, InboundMessage arrived, boolean redelivered) {
        ArrivedMessage.fill(message, arrived, redelivered);
        message.setHeader(AwsIotDeviceConstants.EXECUTION_ID, CommandTopic.executionIdOf(arrived.topic()));
    }

    @Override
    public CompletableFuture<Boolean> process(InboundDelivery delivery, boolean held) {
        InboundMessage message = delivery.message();
        Command command = commands.enter(message.topic());
        if (command == null) {
            // The command was redelivered; it is acknowledged together with its first delivery.
            return commands.settled(message.topic());
        }
        Exchange exchange = entry.create();
        try {
            fill(exchange.getIn(), message, false);
            entry.route().process(exchange);
        } catch (Throwable e) {
            // Any failure is reported.
            exchange.setException(e);
        }
        try {
            return outcome(exchange, message, command);
        } finally {
            entry.release(exchange);
        }
    }

    private CompletableFuture<Boolean> outcome(Exchange exchange, InboundMessage message, Command command) {
        boolean failed = FailureReason.isFailed(exchange);
        if (failed && entry.isForcedToStop()) {
            return InboundQueue.LEFT;
        }
        if (failed && !(FailureReason.of(exchange) instanceof ExecutionRejectedException)) {
            entry.failed("Error processing command of topic " + ForeignText.shown(message.topic()), exchange);
        }
        command.routed(CommandOutcomes.of(exchange, message.payload()));
        return command.settled();
    }
}
