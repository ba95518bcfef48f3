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

import io.netty.handler.codec.http.FullHttpRequest;
import java.util.concurrent.CompletableFuture;

/** A request that waits for a connection or for its answer. */
public final class HttpsRequest {

    private final FullHttpRequest message;
    private final CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
    private volatile boolean sent;

    public HttpsRequest(FullHttpRequest message) {
        this.message = message;
    }

    FullHttpRequest message() {
        return message;
    }

    /**
     * Returns a future that completes on an event loop with the answer, or fails if the connection fails. A caller that
     * fails the future ends the request.
     */
    public CompletableFuture<HttpAnswer> answer() {
        return answer;
    }

    void setSent() {
        sent = true;
    }

    /** Returns whether the server may have received the request. */
    public boolean isSent() {
        return sent;
    }
}
