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
package io.cameliot.testinfra.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.EventRing.Entry;
import io.cameliot.testinfra.event.Published;
import io.cameliot.testinfra.event.Refused;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Refusals and messages as JSON. */
final class EventJson {
    private EventJson() {}

    static ObjectNode all(EventLog log) {
        ObjectNode json = JsonReply.object();
        json.set("refusals", refusals(log.refusals().after(0)));
        json.set("messages", messages(log.messages().after(0)));
        json.put("refusalsOmitted", log.refusals().omitted());
        return json.put("messagesOmitted", log.messages().omitted());
    }

    static ArrayNode refusals(List<Entry<Refused>> entries) {
        ArrayNode json = JsonReply.array();
        for (Entry<Refused> entry : entries) {
            Refused refused = entry.event();
            json.addObject()
                    .put("number", entry.number())
                    .put("at", entry.at().toString())
                    .put("cloud", refused.cloud().title())
                    .put("rule", refused.rule().name())
                    .put("meaning", refused.rule().meaning())
                    .put("source", refused.rule().source())
                    .put("clientId", refused.client().id())
                    .put("address", refused.client().address())
                    .put("answer", refused.answer())
                    .put("detail", refused.detail().get());
        }
        return json;
    }

    static ArrayNode messages(List<Entry<Published>> entries) {
        ArrayNode json = JsonReply.array();
        for (Entry<Published> entry : entries) {
            Published message = entry.event();
            ObjectNode properties = json.addObject()
                    .put("number", entry.number())
                    .put("at", entry.at().toString())
                    .put("from", message.from().kind().name().toLowerCase(Locale.ROOT))
                    .put("clientId", message.from().clientId())
                    .put("topic", message.topic())
                    .put("qos", message.qos())
                    .put("retained", message.retained())
                    .put("bytes", message.payloadBytes())
                    .put("payload", Base64.getEncoder().encodeToString(message.payload()))
                    .putObject("properties");
            message.properties().forEach(properties::put);
        }
        return json;
    }
}
