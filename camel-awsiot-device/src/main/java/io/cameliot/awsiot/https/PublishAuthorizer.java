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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Creates the headers that authorize an HTTPS request. */
interface PublishAuthorizer extends AutoCloseable {

    /** Completes, never exceptionally, when {@link #headers} no longer waits for credentials that come from AWS IoT. */
    CompletableFuture<Void> ready();

    /** Returns whether {@link #headers} may wait for credentials. If so, no caller's thread may call it. */
    boolean mayBlock();

    /**
     * Returns all headers of a request.
     *
     * @param headers the request's other headers
     * @return all headers of the request
     */
    Map<String, List<String>> headers(HttpCall call, Map<String, List<String>> headers);

    @Override
    void close();
}
