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
package io.cameliot.testinfra.dps.session;

import io.cameliot.testinfra.dps.fault.DpsFault;
import io.cameliot.testinfra.dps.fault.DpsStep;
import io.cameliot.testinfra.dps.fault.StepFaults;
import io.cameliot.testinfra.dps.identity.Credentials;
import io.cameliot.testinfra.dps.identity.Credentials.CertificateChain;
import io.cameliot.testinfra.dps.journal.DpsConnect;
import io.cameliot.testinfra.dps.mqtt.MqttApplication;
import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.dps.mqtt.Peer;
import io.cameliot.testinfra.dps.service.Device;
import io.cameliot.testinfra.event.AzureRule;
import io.cameliot.testinfra.pki.CommonName;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The connection of a device to the provisioning service. */
public final class DpsSession implements MqttApplication {

    private static final int MAX_MESSAGE_BYTES = 96 * 1024;

    private final DpsFront front;
    private final MqttServerSession mqtt;
    private final StepFaults faults;
    private Device device;
    private Optional<MqttQoS> subscription = Optional.empty();

    public DpsSession(DpsFront front, MqttServerSession mqtt) {
        this.front = front;
        this.mqtt = mqtt;
        this.faults = new StepFaults(mqtt);
        front.journal().opened();
    }

    @Override
    public void connect(MqttConnectMessage message) {
        String clientId = message.payload().clientIdentifier();
        Credentials credentials =
                Credentials.of(message.payload().passwordInBytes(), mqtt.peer().certificates());
        Optional<Refusal> refusal = refusal(message, credentials);
        if (message.variableHeader().isWillFlag()) {
            // An assumption: the vendor's clients send no will, and the documentation has no topic for one.
            journalConnect(message, OptionalInt.empty(), "a will is not supported");
            mqtt.close(AzureRule.WILL, "a will is not supported");
        } else if (refusal.isPresent()) {
            journalConnect(message, OptionalInt.of(5), refusal.get().reason());
            mqtt.refuseConnect(
                    MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                    refusal.get().rule(),
                    refusal.get().reason());
        } else {
            device = new Device(clientId, credentials);
            front.takeOver(clientId, mqtt);
            accept(message, front.faults().take(clientId, DpsStep.CONNECT));
        }
    }

    private void accept(MqttConnectMessage message, Optional<DpsFault> fault) {
        if (fault.orElse(null) instanceof DpsFault.RefuseConnect refuse) {
            journalConnect(message, OptionalInt.of(refuse.returnCode()), "injected");
            mqtt.refuseConnect(
                    MqttConnectReturnCode.valueOf((byte) refuse.returnCode()), AzureRule.INJECTED_FAULT, "injected");
        } else {
            journalConnect(message, StepFaults.isAnswered(fault) ? OptionalInt.of(0) : OptionalInt.empty(), "");
            // As in the service, a wrong SAS token passes here and gets 401 for the register request.
            faults.strike(fault, mqtt::acceptConnect);
        }
    }

    private record Refusal(AzureRule rule, String reason) {}

    /**
     * Returns the reason to refuse a CONNECT. The service was observed to return code 5 for a client id that differs
     * from the certificate's common name. It is an assumption that a user name of another form, another device or
     * another id scope gets the same code.
     */
    private Optional<Refusal> refusal(MqttConnectMessage message, Credentials credentials) {
        String clientId = message.payload().clientIdentifier();
        String text = Optional.ofNullable(message.payload().userName()).orElse("");
        Optional<DpsUserName> parsed = DpsUserName.parse(text);
        if (parsed.isEmpty()) {
            return refused(
                    AzureRule.USER_NAME,
                    "user name '" + text
                            + "' is not of the form {idScope}/registrations/{registrationId}/api-version={version}");
        }
        DpsUserName userName = parsed.get();
        if (!userName.registrationId().equals(clientId)) {
            return refused(
                    AzureRule.CLIENT_ID,
                    "client id '" + clientId + "' is not the user name's '" + userName.registrationId() + "'");
        }
        if (!userName.idScope().equals(front.idScope())) {
            return refused(
                    AzureRule.ID_SCOPE, "id scope '" + userName.idScope() + "' is not '" + front.idScope() + "'");
        }
        if (credentials instanceof CertificateChain chain) {
            String commonName = CommonName.of(chain.leaf()).orElse("");
            if (!commonName.equalsIgnoreCase(clientId)) {
                return refused(
                        AzureRule.COMMON_NAME,
                        "client id '" + clientId + "' is not the certificate's common name '" + commonName + "'");
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refused(AzureRule rule, String reason) {
        return Optional.of(new Refusal(rule, reason));
    }

    private void journalConnect(MqttConnectMessage message, OptionalInt returnCode, String reason) {
        Peer peer = mqtt.peer();
        front.journal()
                .add(new DpsConnect(
                        message.payload().clientIdentifier(),
                        Optional.ofNullable(message.payload().userName()).orElse(""),
                        message.variableHeader().isCleanSession(),
                        message.variableHeader().keepAliveTimeSeconds(),
                        new DpsConnect.Access(
                                peer.webSocketPath(),
                                peer.serverName(),
                                peer.tlsVersion(),
                                peer.certificates().stream().findFirst().map(certificate -> certificate
                                        .getSubjectX500Principal()
                                        .getName())),
                        front.clock().instant(),
                        new DpsConnect.Answer(returnCode, reason)));
    }

    @Override
    public void subscribe(MqttSubscribeMessage message) {
        Optional<DpsFault> fault = front.faults().take(device.registrationId(), DpsStep.SUBSCRIBE);
        List<MqttQoS> grants = message.payload().topicSubscriptions().stream()
                .map(requested -> grant(requested, fault))
                .toList();
        faults.strike(
                fault, () -> mqtt.acknowledgeSubscribe(message.variableHeader().messageId(), grants));
    }

    private MqttQoS grant(MqttTopicSubscription requested, Optional<DpsFault> fault) {
        if (fault.orElse(null) instanceof DpsFault.Grant grant) {
            subscription = grant.answersWith().map(MqttQoS::valueOf);
            if (grant.answersWith().isEmpty()) {
                mqtt.refused(AzureRule.INJECTED_FAULT, "SUBACK 128", requested::topicFilter);
            }
            return MqttQoS.valueOf(grant.returnCode());
        }
        if (!requested.topicFilter().equals(RequestTopic.RESPONSE_FILTER)) {
            // The documentation says that no other filter is supported. The failure code in SUBACK is an assumption.
            mqtt.refused(AzureRule.TOPIC_FILTER, "SUBACK 128", requested::topicFilter);
            return MqttQoS.FAILURE;
        }
        MqttQoS granted =
                requested.qualityOfService() == MqttQoS.AT_MOST_ONCE ? MqttQoS.AT_MOST_ONCE : MqttQoS.AT_LEAST_ONCE;
        subscription = Optional.of(granted);
        return granted;
    }

    @Override
    public void unsubscribed(String topicFilter) {
        if (topicFilter.equals(RequestTopic.RESPONSE_FILTER)) {
            subscription = Optional.empty();
        }
    }

    @Override
    public void publish(MqttPublishMessage message) {
        String topic = message.variableHeader().topicName();
        Optional<RequestTopic> request = RequestTopic.parse(topic);
        // The documentation says that no other topic is supported, and does not mention the retain flag. It is an
        // assumption that both close the connection.
        if (request.isEmpty()) {
            mqtt.close(AzureRule.TOPIC, "topic '" + topic + "' is not supported");
        } else if (message.fixedHeader().isRetain()) {
            mqtt.close(AzureRule.TOPIC, "retained messages are not supported");
        } else if (message.payload().readableBytes() > MAX_MESSAGE_BYTES) {
            // The limit is documented, and what follows is not.
            mqtt.close(AzureRule.SIZE, "a message has " + message.payload().readableBytes() + " bytes");
        } else {
            new DpsExchange(front, mqtt, device, request.get(), message, subscription).run();
        }
    }

    @Override
    public void closed() {
        front.journal().closed();
        if (device != null) {
            front.release(device.registrationId(), mqtt);
        }
    }
}
