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
package io.cameliot.awsiot.https.client;

import java.util.Map;
import java.util.TreeMap;

/** The response to an HTTPS request. It comes from AWS, or from an intermediary such as a proxy. */
public final class HttpAnswer {

    /**
     * Maximum size of a body, which is cut off there. AWS's answers are no larger, because they fit into an MQTT
     * message.
     */
    static final int MAX_BODY_BYTES = 128 * 1024;

    private final int statusCode;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final byte[] body;

    /**
     * Creates an answer.
     *
     * @param headers one value each
     * @param body the beginning of the body, up to {@link #MAX_BODY_BYTES}
     */
    public HttpAnswer(int statusCode, Map<String, String> headers, byte[] body) {
        this.statusCode = statusCode;
        this.headers.putAll(headers);
        this.body = body;
    }

    public int statusCode() {
        return statusCode;
    }

    /**
     * Returns the value of a header.
     *
     * @param name the name, in any case
     * @return null if the answer has no such header
     */
    public String header(String name) {
        return headers.get(name);
    }

    public byte[] body() {
        return body;
    }
}
