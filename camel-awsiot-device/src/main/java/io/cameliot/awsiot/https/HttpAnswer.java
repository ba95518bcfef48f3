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

import java.util.Map;
import java.util.TreeMap;

/** What came back for a request: from AWS, or from whatever stands between. */
final class HttpAnswer {

    /** AWS's answers fit into a message of MQTT: a larger body is cut off here. */
    static final int MAX_BODY_BYTES = 128 * 1024;

    private final int statusCode;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final byte[] body;

    /**
     * @param headers one value each
     * @param body its beginning, up to {@link #MAX_BODY_BYTES}
     */
    HttpAnswer(int statusCode, Map<String, String> headers, byte[] body) {
        this.statusCode = statusCode;
        this.headers.putAll(headers);
        this.body = body;
    }

    int statusCode() {
        return statusCode;
    }

    /**
     * @param name in any case
     * @return null if there is none
     */
    String header(String name) {
        return headers.get(name);
    }

    byte[] body() {
        return body;
    }
}
