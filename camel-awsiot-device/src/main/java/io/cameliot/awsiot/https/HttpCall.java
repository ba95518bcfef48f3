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

import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.Map;

/**
 * The part of an HTTPS request that is signed, without its headers.
 *
 * @param path encoded path
 * @param query query parameters, not encoded
 * @param payload the payload, not copied
 */
record HttpCall(HttpMethod method, String path, Map<String, List<String>> query, byte[] payload) {

    /** Returns path and query in the form of the request line (RFC 9112, section 3.2.1). */
    String originForm() {
        return query.isEmpty() ? path : path + "?" + PublishRequestEncoder.encode(query);
    }
}
