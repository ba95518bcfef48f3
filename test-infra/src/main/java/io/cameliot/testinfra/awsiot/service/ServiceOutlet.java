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
package io.cameliot.testinfra.awsiot.service;

import io.cameliot.testinfra.awsiot.broker.BrokerPublisher.BrokerMessage;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.topic.SessionFilters;
import io.cameliot.testinfra.event.AwsIotRule;
import io.cameliot.testinfra.event.Cloud;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.Refused;
import io.cameliot.testinfra.event.RemoteClient;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Sends the messages of services, unless a fault prevents it. */
final class ServiceOutlet {
    private static final Runnable NOTHING = () -> {};
    private static final int QOS = 1;
    private static final Pattern REJECTED = Pattern.compile("/rejected(/json)?$");

    private final Consumer<BrokerMessage> broker;
    private final ScheduledExecutorService timer;
    private final Faults faults;
    private final EventLog events;

    ServiceOutlet(Consumer<BrokerMessage> broker, ScheduledExecutorService timer, Faults faults, EventLog events) {
        this.broker = broker;
        this.timer = timer;
        this.faults = faults;
        this.events = events;
    }

    /** Sends a message that is not caused by a device. */
    void publish(ServiceMessage event) {
        send(Optional.empty(), event, NOTHING);
    }

    /**
     * Sends a message that is caused by the request of a device.
     *
     * @param before runs just before the message is sent, or instead of it
     */
    void send(RequestingDevice requester, ServiceMessage message, Runnable before) {
        send(Optional.of(requester), message, before);
    }

    void send(RequestingDevice requester, ServiceMessage message) {
        send(Optional.of(requester), message, NOTHING);
    }

    private void send(Optional<RequestingDevice> requester, ServiceMessage message, Runnable before) {
        String clientId = requester.map(RequestingDevice::clientId).orElse(Faults.NO_CLIENT_ID);
        String topic = message.topic();
        if (strikes(Fault.WithholdMessage.class, Fault.WithholdMessage::topicFilter, clientId, topic)
                .isPresent()) {
            before.run();
            return;
        }
        ServiceMessage sent = strikes(Fault.OmitClientToken.class, Fault.OmitClientToken::topicFilter, clientId, topic)
                        .isPresent()
                ? message.withoutClientToken()
                : message;
        boolean twice = strikes(Fault.RepeatMessage.class, Fault.RepeatMessage::topicFilter, clientId, topic)
                .isPresent();
        Runnable transmit = () -> {
            before.run();
            transmit(requester, sent);
            if (twice) {
                transmit(requester, sent);
            }
        };
        strikes(Fault.DelayMessage.class, Fault.DelayMessage::topicFilter, clientId, topic)
                .ifPresentOrElse(
                        delay -> timer.schedule(transmit, delay.by().toMillis(), TimeUnit.MILLISECONDS), transmit);
    }

    private void transmit(Optional<RequestingDevice> requester, ServiceMessage message) {
        String clientId = requester.map(RequestingDevice::clientId).orElse(Faults.NO_CLIENT_ID);
        events.published(message.topic(), () -> message.toEvent(message.direct() ? clientId : ""));
        if (REJECTED.matcher(message.topic()).find()) {
            events.refusals()
                    .record(() -> new Refused(
                            Cloud.AWS_IOT,
                            AwsIotRule.SERVICE_REQUEST,
                            new RemoteClient(clientId, ""),
                            "a message on " + message.topic(),
                            () -> new String(message.payload(), StandardCharsets.UTF_8)));
        }
        if (message.direct()) {
            requester.orElseThrow().deliver(message.topic(), message.payload());
        } else {
            broker.accept(new BrokerMessage(
                    message.topic(),
                    message.payload(),
                    QOS,
                    false,
                    message.properties().toMqtt()));
        }
    }

    /** The rejection that a test has injected for a request, if there is one. */
    Optional<Fault.RejectRequest> rejection(RequestingDevice requester, String topic) {
        return strikes(Fault.RejectRequest.class, Fault.RejectRequest::topicFilter, requester.clientId(), topic);
    }

    /** Whether a test has injected that the effect of a request is published before the answer. */
    boolean sendsEventsFirst(RequestingDevice requester, String topic) {
        return strikes(Fault.EventsFirst.class, Fault.EventsFirst::topicFilter, requester.clientId(), topic)
                .isPresent();
    }

    /**
     * Closes the connection of a device if a test has injected it for a request that has taken effect.
     *
     * @return whether the answer is lost
     */
    boolean drops(RequestingDevice requester, String topic) {
        boolean drops = strikes(
                        Fault.DropAfterRequest.class, Fault.DropAfterRequest::topicFilter, requester.clientId(), topic)
                .isPresent();
        if (drops) {
            requester.drop();
        }
        return drops;
    }

    private <F extends Fault> Optional<F> strikes(
            Class<F> type, Function<F, String> topicFilter, String clientId, String topic) {
        return faults.take(type, clientId, fault -> SessionFilters.matches(topicFilter.apply(fault), topic));
    }
}
