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
 * Decides which requests of a connection are sent next. It limits the number of requests per target and the number of
 * topic filters, and allows one request per identity. Targets take turns; the requests of one target keep their order.
 * The class does not depend on threads or on the network.
 *
 * @param <T> the type of the requests
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

        /** Returns the identity of the request. Two requests with the same identity cannot run at a time. */
        String identity();

        List<String> filters();
    }

    /**
     * Creates the turns of a connection.
     *
     * @param perTarget maximum number of requests of a target that run at a time
     * @param filters maximum number of topic filters in use at a time
     */
    Turns(int perTarget, int filters) {
        this.perTarget = perTarget;
        this.filters = filters;
    }

    void add(T request) {
        waiting.computeIfAbsent(request.target(), target -> new LinkedHashSet<>())
                .add(request);
    }

    /** Removes a request that has its outcome, whether it was running or waiting. */
    void done(T request) {
        if (running.remove(request)) {
            identities.remove(request.identity());
            count(runningOf, request.target(), -1);
            request.filters().forEach(filter -> count(usersOf, filter, -1));
            return;
        }
        withdraw(request);
    }

    /** Removes a request that waits. A running one remains. */
    void withdraw(T request) {
        Set<T> others = waiting.get(request.target());
        if (others != null && others.remove(request) && others.isEmpty()) {
            waiting.remove(request.target());
        }
    }

    /** Returns the requests whose turn it is. They count as running from then on. */
    List<T> next() {
        List<T> next = new ArrayList<>();
        for (String target : List.copyOf(waiting.keySet())) {
            Set<T> of = waiting.get(target);
            int before = next.size();
            boolean room = takeFrom(of, target, next);
            if (of.isEmpty()) {
                waiting.remove(target);
            } else if (next.size() > before && room) {
                // Moves the target to the end, so that one target with many requests does not occupy all filters.
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
     * Takes the requests of one target that can run.
     *
     * @return false if there is no room for a request's filters; the requests behind it wait, too
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
