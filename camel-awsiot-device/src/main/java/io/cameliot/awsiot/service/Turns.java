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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which requests of a connection go next: a bounded number of each target, one of those whose answers cannot be told
 * apart, and a bounded number of topic filters. Targets take turns. The requests of one target go in order. Knows no thread
 * and no network.
 *
 * @param <T> the requests
 */
final class Turns<T extends Turns.Turn> {

    private final int perTarget;
    private final int filters;
    private final Map<String, Set<T>> waiting = new LinkedHashMap<>();
    private final Set<T> running = new HashSet<>();
    private final Map<String, Integer> runningOf = new HashMap<>();
    private final Map<String, Integer> usersOf = new HashMap<>();
    private final Set<String> identities = new HashSet<>();

    /** A request that waits for its turn. */
    interface Turn {

        String target();

        /** Equal for two that cannot run at a time. */
        String identity();

        List<String> filters();
    }

    /**
     * @param perTarget how many of a target may run at a time
     * @param filters how many topic filters may be in use at a time
     */
    Turns(int perTarget, int filters) {
        this.perTarget = perTarget;
        this.filters = filters;
    }

    void add(T request) {
        waiting.computeIfAbsent(request.target(), target -> new LinkedHashSet<>())
                .add(request);
    }

    /** Removes a request that has its outcome, whether it had its turn or not. */
    void done(T request) {
        if (running.remove(request)) {
            identities.remove(request.identity());
            count(runningOf, request.target(), -1);
            request.filters().forEach(filter -> count(usersOf, filter, -1));
            return;
        }
        Set<T> others = waiting.get(request.target());
        if (others != null && others.remove(request) && others.isEmpty()) {
            waiting.remove(request.target());
        }
    }

    /** Returns the requests whose turn it is now, which are running from then on. */
    List<T> next() {
        List<T> next = new ArrayList<>();
        for (String target : List.copyOf(waiting.keySet())) {
            Set<T> of = waiting.get(target);
            int before = next.size();
            boolean room = takeFrom(of, target, next);
            if (of.isEmpty()) {
                waiting.remove(target);
            } else if (next.size() > before && room) {
                // To the end, so that one target with many requests does not keep the filters to itself.
                waiting.remove(target);
                waiting.put(target, of);
            }
            if (!room) {
                break;
            }
        }
        return next;
    }

    /**
     * @return false if a request finds no room for its filters; the requests behind it wait, too
     */
    private boolean takeFrom(Set<T> of, String target, List<T> next) {
        for (Iterator<T> each = of.iterator(); each.hasNext() && runningOf.getOrDefault(target, 0) < perTarget; ) {
            T request = each.next();
            if (identities.contains(request.identity())) {
                continue;
            }
            if (!hasRoomFor(request)) {
                return false;
            }
            each.remove();
            begin(request);
            next.add(request);
        }
        return true;
    }

    private boolean hasRoomFor(T request) {
        long more =
                request.filters().stream().filter(filter -> !isInUse(filter)).count();
        return more == 0 || usersOf.size() + more <= filters;
    }

    private void begin(T request) {
        running.add(request);
        identities.add(request.identity());
        count(runningOf, request.target(), 1);
        request.filters().forEach(filter -> count(usersOf, filter, 1));
    }

    boolean isInUse(String filter) {
        return usersOf.containsKey(filter);
    }

    private static void count(Map<String, Integer> counts, String of, int more) {
        counts.merge(of, more, (before, change) -> before + change == 0 ? null : before + change);
    }
}
