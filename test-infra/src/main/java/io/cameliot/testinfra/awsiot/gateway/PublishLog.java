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
package io.cameliot.testinfra.awsiot.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest messages taken from devices, as many as fit: a load test must not fill the memory. */
final class PublishLog {
    private static final int MAX_MESSAGES = 10_000;
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Deque<ReceivedPublish> latest = new ArrayDeque<>();
    private long bytes;

    synchronized void add(ReceivedPublish publish) {
        latest.addLast(publish);
        bytes += publish.payload().length;
        while (latest.size() > MAX_MESSAGES || bytes > MAX_BYTES) {
            bytes -= latest.removeFirst().payload().length;
        }
    }

    synchronized List<ReceivedPublish> latest() {
        return List.copyOf(latest);
    }

    synchronized void clear() {
        latest.clear();
        bytes = 0;
    }
}
