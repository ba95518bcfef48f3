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
package io.cameliot.awsiot.service;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.awsiot.request.PendingRequest;
import io.cameliot.common.mqtt.MessageProperties;
import java.util.List;

/** A request to a service that was sent or waits for its turn. */
final class ServiceRequest extends PendingRequest implements Turns.Turn {

    private static final int QOS = 1;

    private final ServiceCall call;
    private final String id;

    ServiceRequest(Object sender, ServiceCall call, ServiceBody body) {
        super(sender, new PublishRequest(call.topic(), body.payload(), QOS, false, MessageProperties.NONE));
        this.call = call;
        this.id = body.id();
    }

    ServiceCall call() {
        return call;
    }

    /** Returns the client token or report id; null if there is none. */
    String id() {
        return id;
    }

    @Override
    public String target() {
        return call.target();
    }

    /**
     * Returns the identity of the request. Two requests with the same identity have answers that cannot be told apart.
     */
    @Override
    public String identity() {
        return call.request().correlation() == Correlation.CLIENT_TOKEN ? call.topic() + '\n' + id : call.topic();
    }

    @Override
    public List<String> filters() {
        return call.filters();
    }
}
