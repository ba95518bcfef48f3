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
package io.cameliot.awsiot.report;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What a consumer needs to report jobs or commands.
 *
 * @param requester sends requests and reports
 * @param delays the delays between retries
 * @param pool runs work that may block
 * @param timer schedules delays
 * @param complaints receives problems that do not pass by themselves, on threads that may block
 */
public record ReportContext(
        Requester requester,
        Delays delays,
        Executor pool,
        ScheduledExecutorService timer,
        Consumer<Throwable> complaints) {

    /** Sends a request, as {@link Requester#send} does. A request that cannot be sent fails its future. */
    public CompletableFuture<Requester.Answer> send(String topic, byte[] request) {
        try {
            return requester.send(topic, request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
