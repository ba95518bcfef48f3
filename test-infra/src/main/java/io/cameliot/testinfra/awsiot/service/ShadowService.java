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

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.shadow.ShadowChange;
import io.cameliot.testinfra.awsiot.shadow.ShadowId;
import io.cameliot.testinfra.awsiot.shadow.ShadowRejectedException;
import io.cameliot.testinfra.awsiot.shadow.ShadowRequestDocument;
import io.cameliot.testinfra.awsiot.shadow.Shadows;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code $aws/things/<thing>/shadow/…}: answers and events go to subscribers. */
final class ShadowService {
    private static final Pattern REQUEST = Pattern.compile("\\$aws/things/(?<thing>" + ResourceNames.THING + ")/shadow/"
            + "(?:name/(?<name>" + ResourceNames.SHADOW + ")/)?(?<operation>get|update|delete)");

    private final Shadows shadows;

    ShadowService(Shadows shadows) {
        this.shadows = shadows;
    }

    Optional<RecognizedRequest> recognize(String topic) {
        Matcher matcher = REQUEST.matcher(topic);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String name = matcher.group("name");
        ShadowId id = new ShadowId(matcher.group("thing"), name == null ? "" : name);
        return Optional.of(new Request(id, topic, matcher.group("operation")));
    }

    ServiceReply update(ShadowId id, ShadowRequestDocument request) throws ShadowRejectedException {
        ShadowChange change = shadows.update(id, request);
        String topic = id.topicPrefix() + "update";
        List<ServiceMessage> events = new ArrayList<>();
        change.delta().ifPresent(delta -> events.add(ServiceMessage.publish(topic + "/delta", delta)));
        events.add(ServiceMessage.publish(topic + "/documents", change.documents()));
        return new ServiceReply(ServiceMessage.publish(topic + "/accepted", change.accepted()), events);
    }

    ServiceReply delete(ShadowId id, ShadowRequestDocument request) throws ShadowRejectedException {
        return accepted(id.topicPrefix() + "delete", shadows.delete(id, request));
    }

    private static ServiceReply accepted(String topic, ObjectNode answer) {
        return ServiceReply.of(ServiceMessage.publish(topic + "/accepted", answer));
    }

    private final class Request implements RecognizedRequest {
        private final ShadowId id;
        private final String topic;
        private final String operation;

        Request(ShadowId id, String topic, String operation) {
            this.id = id;
            this.topic = topic;
            this.operation = operation;
        }

        @Override
        public Optional<Limit> limit() {
            return Optional.of(new Limit(
                    "shadows of " + id.thing(),
                    Shadows.IN_FLIGHT,
                    payload -> rejected(payload, ShadowRejectedException.throttled())));
        }

        @Override
        public ServiceReply handle(byte[] payload) {
            try {
                ShadowRequestDocument request = ShadowRequestDocument.read(payload);
                return switch (operation) {
                    case "get" -> accepted(topic, shadows.get(id, request));
                    case "update" -> update(id, request);
                    default -> delete(id, request);
                };
            } catch (ShadowRejectedException e) {
                return rejected(payload, e);
            }
        }

        @Override
        public ServiceReply reject(byte[] payload, String code, String message) {
            return rejected(payload, new ShadowRejectedException(Integer.parseInt(code), message));
        }

        private ServiceReply rejected(byte[] payload, ShadowRejectedException reason) {
            return ServiceReply.of(
                    ServiceMessage.publish(topic + "/rejected", shadows.rejection(reason, ClientToken.of(payload))));
        }
    }
}
