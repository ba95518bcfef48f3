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
package io.cameliot.testinfra.awsiot.session;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import io.cameliot.testinfra.awsiot.topic.TopicChecks;
import io.cameliot.testinfra.event.AwsIotRule;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodes;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks the topic filters of a SUBSCRIBE one by one. The broker receives the accepted ones. The SUBACK to the device
 * combines the broker's answer with the failures of the others.
 */
final class SubscriptionRequests {

    private static final int SUCCESS = 0;

    /** The only failure code of MQTT 3.1.1 and the first one of MQTT 5. */
    private static final int FAILURE = code(MqttReasonCodes.SubAck.UNSPECIFIED_ERROR);

    private final GatewayConnection connection;
    private final GatewayServices services;
    /** By packet id: the failures of the refused filters; empty for each filter that the broker decides on. */
    private final Map<Integer, Asked> pending = new HashMap<>();

    /** By packet id: the reason codes of an MQTT 5 client's UNSUBACK. */
    private final Map<Integer, List<Short>> pendingEnds = new HashMap<>();

    private record Asked(List<String> filters, List<Optional<Integer>> failures) {}

    SubscriptionRequests(GatewayConnection connection, GatewayServices services) {
        this.connection = connection;
        this.services = services;
    }

    /**
     * Checks a SUBSCRIBE.
     *
     * @return the request to the broker; empty if no filter is accepted, then {@link #allRefused} is the answer
     */
    Optional<MqttSubscribeMessage> judge(MqttSubscribeMessage subscribe) {
        List<String> filters = new ArrayList<>();
        List<Optional<Integer>> failures = new ArrayList<>();
        List<MqttTopicSubscription> accepted = new ArrayList<>();
        for (MqttTopicSubscription subscription : subscribe.payload().topicSubscriptions()) {
            Optional<Integer> failure = failure(subscription.topicFilter());
            if (failure.isEmpty()) {
                accepted.add(new MqttTopicSubscription(
                        TopicChecks.forBroker(subscription.topicFilter()), forBroker(subscription.option())));
                // Added before the broker's answer, because the first messages can arrive before the SUBACK.
                connection
                        .filters()
                        .add(
                                subscription.topicFilter(),
                                subscription.qualityOfService().value());
            }
            filters.add(subscription.topicFilter());
            failures.add(failure);
        }
        int packetId = subscribe.variableHeader().messageId();
        pending.put(packetId, new Asked(filters, failures));
        return accepted.isEmpty()
                ? Optional.empty()
                : Optional.of(new MqttSubscribeMessage(
                        subscribe.fixedHeader(),
                        subscribe.idAndPropertiesVariableHeader(),
                        new MqttSubscribePayload(accepted)));
    }

    /** AWS IoT Core does not list retain-as-published among its supported features. */
    private static MqttSubscriptionOption forBroker(MqttSubscriptionOption asked) {
        return new MqttSubscriptionOption(asked.qos(), asked.isNoLocal(), false, asked.retainHandling());
    }

    private Optional<Integer> failure(String filter) {
        Optional<String> fault = TopicChecks.filterFault(filter);
        if (fault.isPresent()) {
            return failure(
                    MqttReasonCodes.SubAck.TOPIC_FILTER_INVALID,
                    AwsIotRule.TOPIC_FILTER,
                    () -> filter + ": " + fault.get());
        }
        if (connection.isMqtt5()
                && !services.mqtt5().wildcardSubscriptionAvailable()
                && TopicChecks.hasWildcard(filter)) {
            return failure(
                    MqttReasonCodes.SubAck.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
                    AwsIotRule.NOT_AVAILABLE,
                    () -> "Wildcards: " + filter);
        }
        if (connection.isMqtt5() && !services.mqtt5().sharedSubscriptionAvailable() && TopicChecks.isShared(filter)) {
            return failure(
                    MqttReasonCodes.SubAck.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
                    AwsIotRule.NOT_AVAILABLE,
                    () -> "Shared subscriptions: " + filter);
        }
        Optional<Supplier<String>> forbidden = forbidden(filter);
        if (forbidden.isPresent()) {
            return failure(MqttReasonCodes.SubAck.NOT_AUTHORIZED, AwsIotRule.POLICY, forbidden.get());
        }
        if (!connection.filters().contains(filter)
                && connection.filters().size() >= Limits.SUBSCRIPTIONS_PER_CONNECTION) {
            return failure(
                    MqttReasonCodes.SubAck.QUOTA_EXCEEDED,
                    AwsIotRule.SUBSCRIPTION_QUOTA,
                    () -> filter + " is one more than " + Limits.SUBSCRIPTIONS_PER_CONNECTION);
        }
        return services.faults()
                .take(Fault.RefuseSubscription.class, connection.clientId(), injected -> injected.topicFilter()
                        .equals(filter))
                .map(injected -> failure(
                        connection.isMqtt5() ? injected.reasonCode() : FAILURE,
                        AwsIotRule.INJECTED_FAULT,
                        injected::toString));
    }

    /**
     * Asks the policy for all filters.
     *
     * @return why it forbids the first one that it forbids; empty if it allows all
     */
    Optional<Supplier<String>> forbidden(List<MqttTopicSubscription> subscriptions) {
        return subscriptions.stream()
                .map(subscription -> forbidden(subscription.topicFilter()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Supplier<String>> forbidden(String filter) {
        DevicePolicy policy = services.policyOf(connection.clientId(), connection.principal());
        // AWS's own samples name $share/<name>/ in the resource.
        return policy.allows(Action.SUBSCRIBE, filter)
                ? Optional.empty()
                : Optional.of(() -> policy.explain(Action.SUBSCRIBE, filter));
    }

    private Optional<Integer> failure(MqttReasonCodes.SubAck reason, AwsIotRule rule, Supplier<String> detail) {
        return Optional.of(failure(connection.isMqtt5() ? code(reason) : FAILURE, rule, detail));
    }

    private int failure(int code, AwsIotRule rule, Supplier<String> detail) {
        services.refused(
                connection, rule, "SUBACK 0x" + Integer.toHexString(code).toUpperCase(Locale.ROOT), detail);
        return code;
    }

    private static int code(MqttReasonCodes.SubAck reason) {
        return Byte.toUnsignedInt(reason.byteValue());
    }

    /**
     * Checks an UNSUBSCRIBE.
     *
     * @return the request to the broker; empty if no filter is accepted, then {@link #ended} is the answer
     */
    Optional<MqttUnsubscribeMessage> judge(MqttUnsubscribeMessage unsubscribe) {
        List<Short> codes = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        for (String filter : unsubscribe.payload().topics()) {
            int code = connection.isMqtt5() ? unsubscribeCode(filter) : SUCCESS;
            if (code == SUCCESS) {
                connection.filters().remove(filter);
                accepted.add(TopicChecks.forBroker(filter));
            }
            codes.add((short) code);
        }
        if (connection.isMqtt5()) {
            pendingEnds.put(unsubscribe.variableHeader().messageId(), codes);
        }
        return accepted.isEmpty()
                ? Optional.empty()
                : Optional.of(new MqttUnsubscribeMessage(
                        unsubscribe.fixedHeader(),
                        unsubscribe.idAndPropertiesVariableHeader(),
                        new MqttUnsubscribePayload(accepted)));
    }

    private int unsubscribeCode(String filter) {
        if (TopicChecks.filterFault(filter).isPresent()) {
            return Byte.toUnsignedInt(MqttReasonCodes.UnsubAck.TOPIC_FILTER_INVALID.byteValue());
        }
        return services.faults()
                .take(Fault.RefuseUnsubscribe.class, connection.clientId(), fault -> fault.topicFilter()
                        .equals(filter))
                .map(Fault.RefuseUnsubscribe::reasonCode)
                .orElse(SUCCESS);
    }

    /**
     * The answer to an MQTT 5 client's UNSUBSCRIBE. Unlike the broker, AWS IoT Core does not report that there was no
     * such subscription (0x11).
     */
    MqttUnsubAckMessage ended(int packetId) {
        return MqttMessageBuilders.unsubAck()
                .packetId(packetId)
                .addReasonCodes(pendingEnds.remove(packetId).toArray(Short[]::new))
                .build();
    }

    /** The answer to a SUBSCRIBE with no accepted filter. */
    MqttSubAckMessage allRefused(int packetId) {
        return suback(packetId, List.of());
    }

    /** The broker's answer combined with the failures of the filters that the gateway refused. */
    MqttSubAckMessage merged(MqttSubAckMessage broker) {
        return suback(broker.variableHeader().messageId(), broker.payload().reasonCodes());
    }

    private MqttSubAckMessage suback(int packetId, List<Integer> fromBroker) {
        Asked asked = pending.remove(packetId);
        Iterator<Integer> granted = fromBroker.iterator();
        List<Integer> codes = new ArrayList<>();
        for (int i = 0; i < asked.filters().size(); i++) {
            int code = asked.failures().get(i).orElseGet(granted::next);
            if (code >= FAILURE && asked.failures().get(i).isEmpty()) {
                connection.filters().remove(asked.filters().get(i));
            }
            codes.add(code);
        }
        return new MqttSubAckMessage(
                new MqttFixedHeader(MqttMessageType.SUBACK, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttMessageIdAndPropertiesVariableHeader(packetId, null),
                new MqttSubAckPayload(codes));
    }
}
