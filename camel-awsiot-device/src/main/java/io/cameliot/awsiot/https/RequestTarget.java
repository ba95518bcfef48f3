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
package io.cameliot.awsiot.https;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import java.util.List;
import java.util.Map;

/**
 * The target of a publish request. It caches the parts of the request line, so that messages to the same topic share
 * their encoding.
 *
 * @param path path of the URI
 * @param query query of the URI, not encoded
 * @param originForm path and query in the form of the request line (RFC 9112, section 3.2.1)
 */
record RequestTarget(
        String topic,
        int qos,
        boolean retained,
        MessageProperties properties,
        String path,
        Map<String, List<String>> query,
        String originForm) {

    static RequestTarget of(PublishRequest request) {
        String path = PublishRequestEncoder.path(request);
        Map<String, List<String>> query = PublishRequestEncoder.query(request);
        String originForm = path + "?" + PublishRequestEncoder.encode(query);
        return new RequestTarget(
                request.topic(), request.qos(), request.retained(), request.properties(), path, query, originForm);
    }

    boolean isOf(PublishRequest request) {
        return topic.equals(request.topic())
                && qos == request.qos()
                && retained == request.retained()
                && properties.equals(request.properties());
    }
}
