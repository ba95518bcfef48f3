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
package io.cameliot.testinfra.awsiot.service;

import java.util.HashMap;
import java.util.Map;

/** Counts the unanswered requests of one connection by their subject. */
public final class RequestCounts {
    private final Map<String, Integer> counts = new HashMap<>();

    /** Counts a request unless the maximum is reached. */
    synchronized boolean enter(String subject, int most) {
        int count = counts.getOrDefault(subject, 0);
        if (count >= most) {
            return false;
        }
        counts.put(subject, count + 1);
        return true;
    }

    synchronized void leave(String subject) {
        counts.computeIfPresent(subject, (key, count) -> count == 1 ? null : count - 1);
    }
}
