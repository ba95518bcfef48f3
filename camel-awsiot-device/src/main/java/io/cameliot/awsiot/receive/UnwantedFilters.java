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
package io.cameliot.awsiot.receive;

import io.cameliot.awsiot.topic.TopicFilter;
import io.cameliot.awsiot.topic.TopicRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The topic filters without a handler whose subscriptions the server still has. It is immutable, like a {@link
 * SubscriptionBook}.
 *
 * @param refused filters, without the share prefix, whose subscriptions the server refused to end
 * @param pending filters whose subscriptions the server was not told to end, or of which it has not confirmed it
 */
record UnwantedFilters(Set<String> refused, Set<String> pending) {

    static final UnwantedFilters NONE = new UnwantedFilters(Set.of(), Set.of());

    /** Largest number of filters in one UNSUBSCRIBE, like that of a SUBSCRIBE (AWS IoT Core quotas). */
    private static final int MAX_FILTERS_PER_UNSUBSCRIBE = 8;

    UnwantedFilters withPending(String filter) {
        return new UnwantedFilters(refused, with(pending, filter));
    }

    /** Returns the filters after the server has ended a subscription. */
    UnwantedFilters withEnded(String filter) {
        return new UnwantedFilters(refused, without(pending, filter));
    }

    /** Returns the filters after the server has refused to end a subscription. */
    UnwantedFilters withRefused(String filter) {
        return new UnwantedFilters(with(refused, TopicRules.withoutSharePrefix(filter)), without(pending, filter));
    }

    /** Returns the filters without one that has a handler again. */
    UnwantedFilters withoutWanted(String filter) {
        return new UnwantedFilters(without(refused, TopicRules.withoutSharePrefix(filter)), without(pending, filter));
    }

    private static Set<String> with(Set<String> filters, String filter) {
        Set<String> next = new LinkedHashSet<>(filters);
        next.add(filter);
        return Collections.unmodifiableSet(next);
    }

    private static Set<String> without(Set<String> filters, String filter) {
        if (!filters.contains(filter)) {
            return filters;
        }
        Set<String> next = new LinkedHashSet<>(filters);
        next.remove(filter);
        return Collections.unmodifiableSet(next);
    }

    /** Returns whether the server sends messages of a topic only because it still has a subscription. */
    boolean matches(String topic) {
        return Stream.concat(refused.stream(), pending.stream().map(TopicRules::withoutSharePrefix))
                .anyMatch(filter -> TopicFilter.matches(filter, topic));
    }

    /** Returns the UNSUBSCRIBE packets for the subscriptions that are to end. */
    List<List<String>> packets() {
        List<String> all = List.copyOf(pending);
        List<List<String>> packets = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_FILTERS_PER_UNSUBSCRIBE) {
            packets.add(all.subList(from, Math.min(all.size(), from + MAX_FILTERS_PER_UNSUBSCRIBE)));
        }
        return packets;
    }
}
