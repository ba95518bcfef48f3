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
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The topic filters of all handlers of one connection, merged: one subscription for each filter, at the highest QoS asked
 * for. It never changes, so that whoever has a message looks into it without a lock: each change makes another book.
 *
 * @param byFilter in the order of registration
 * @param unsolicited handlers of messages that fit their filter and that nobody subscribed to
 * @param unwanted what the server goes on sending though nobody wants it, as topic filters without a share
 * @param latest number of the latest subscription
 */
record SubscriptionBook(
        Map<String, Subscription> byFilter, Map<MessageHandler, String> unsolicited, Set<String> unwanted, int latest) {

    /** Largest number of subscriptions of one connection (AWS IoT Core quotas). */
    static final int MAX_SUBSCRIPTIONS = 50;

    /** Largest number of filters in one SUBSCRIBE (AWS IoT Core quotas). */
    private static final int MAX_FILTERS_PER_SUBSCRIBE = 8;

    static final SubscriptionBook EMPTY = new SubscriptionBook(Map.of(), Map.of(), Set.of(), 0);

    /**
     * @param number which tells the subscription from one to the same filter that was given up before
     * @param matched the filter without the prefix of a shared subscription
     * @param handlers each with the future of its grant, null once that is known
     */
    record Subscription(
            int number,
            String filter,
            String matched,
            int qos,
            boolean refused,
            Map<MessageHandler, CompletableFuture<Void>> handlers) {

        private Subscription with(MessageHandler handler, int atLeast, CompletableFuture<Void> waiter) {
            Map<MessageHandler, CompletableFuture<Void>> next = new LinkedHashMap<>(handlers);
            next.put(handler, waiter);
            return new Subscription(
                    number, filter, matched, Math.max(qos, atLeast), refused, Collections.unmodifiableMap(next));
        }

        private Subscription without(MessageHandler handler) {
            Map<MessageHandler, CompletableFuture<Void>> next = new LinkedHashMap<>(handlers);
            next.remove(handler);
            return new Subscription(number, filter, matched, qos, refused, Collections.unmodifiableMap(next));
        }

        private Subscription answered(boolean refusal) {
            Map<MessageHandler, CompletableFuture<Void>> next = new LinkedHashMap<>();
            handlers.keySet().forEach(handler -> next.put(handler, null));
            return new Subscription(number, filter, matched, qos, refusal, Collections.unmodifiableMap(next));
        }
    }

    /** What goes into one SUBSCRIBE. */
    record Batch(int qos, List<Subscription> subscriptions) {

        List<String> filters() {
            return subscriptions.stream().map(Subscription::filter).toList();
        }
    }

    /**
     * What a handler is to hear.
     *
     * @param waiter its future; null if it has heard of its filter before
     * @param refusal why the server did not grant the filter; null if it did
     */
    record Notice(MessageHandler handler, CompletableFuture<Void> waiter, IOException refusal) {

        /** Who waits hears of a refusal there; to the others it is news after a reconnect. */
        void give() {
            if (refusal == null) {
                if (waiter != null) {
                    waiter.complete(null);
                }
                handler.subscriptionGranted();
            } else if (waiter == null) {
                handler.subscriptionRefused(refusal);
            } else {
                waiter.completeExceptionally(refusal);
            }
        }
    }

    /** A book after an answer of the server, and who is to hear of it. */
    record Answered(SubscriptionBook book, List<Notice> notices) {}

    /** Whether a handler of this filter can be added. */
    boolean hasRoomFor(String filter) {
        return byFilter.containsKey(filter) || byFilter.size() < MAX_SUBSCRIPTIONS;
    }

    /**
     * @param waiter is to hear whether the server grants the filter
     */
    SubscriptionBook with(String filter, int qos, MessageHandler handler, CompletableFuture<Void> waiter) {
        Subscription known = byFilter.get(filter);
        int number = known == null ? latest + 1 : latest;
        Subscription subscription = known == null
                ? new Subscription(number, filter, TopicRules.withoutSharePrefix(filter), qos, false, Map.of())
                : known;
        return with(subscription.with(handler, qos, waiter), number).withoutUnwanted(subscription.matched());
    }

    private SubscriptionBook with(Subscription subscription, int number) {
        Map<String, Subscription> next = new LinkedHashMap<>(byFilter);
        next.put(subscription.filter(), subscription);
        return new SubscriptionBook(Collections.unmodifiableMap(next), unsolicited, unwanted, number);
    }

    /** Without a handler, but with its filter, for which messages may still come. */
    SubscriptionBook without(String filter, MessageHandler handler) {
        Subscription known = byFilter.get(filter);
        return known == null ? this : with(known.without(handler), latest);
    }

    SubscriptionBook withoutFilter(String filter) {
        Map<String, Subscription> next = new LinkedHashMap<>(byFilter);
        next.remove(filter);
        return new SubscriptionBook(Collections.unmodifiableMap(next), unsolicited, unwanted, latest);
    }

    SubscriptionBook withUnsolicited(String filter, MessageHandler handler) {
        Map<MessageHandler, String> next = new LinkedHashMap<>(unsolicited);
        next.put(handler, filter);
        return new SubscriptionBook(byFilter, Collections.unmodifiableMap(next), unwanted, latest);
    }

    SubscriptionBook withoutUnsolicited(MessageHandler handler) {
        Map<MessageHandler, String> next = new LinkedHashMap<>(unsolicited);
        next.remove(handler);
        return new SubscriptionBook(byFilter, Collections.unmodifiableMap(next), unwanted, latest);
    }

    /** The server has refused to end a subscription, and will go on sending. */
    SubscriptionBook withUnwanted(String matched) {
        Set<String> next = new HashSet<>(unwanted);
        next.add(matched);
        return new SubscriptionBook(byFilter, unsolicited, Set.copyOf(next), latest);
    }

    private SubscriptionBook withoutUnwanted(String matched) {
        if (!unwanted.contains(matched)) {
            return this;
        }
        Set<String> next = new HashSet<>(unwanted);
        next.remove(matched);
        return new SubscriptionBook(byFilter, unsolicited, Set.copyOf(next), latest);
    }

    /** The server has forgotten its session, and sends only what it is asked for anew. */
    SubscriptionBook withoutUnwanted() {
        return new SubscriptionBook(byFilter, unsolicited, Set.of(), latest);
    }

    boolean isUnwanted(String topic) {
        return unwanted.stream().anyMatch(filter -> TopicFilter.matches(filter, topic));
    }

    /** Everyone who has a filter. */
    Set<MessageHandler> handlers() {
        Set<MessageHandler> handlers = new LinkedHashSet<>();
        byFilter.values()
                .forEach(subscription -> handlers.addAll(subscription.handlers().keySet()));
        return handlers;
    }

    boolean has(String filter, MessageHandler handler) {
        Subscription known = byFilter.get(filter);
        return known != null && known.handlers().containsKey(handler);
    }

    /** The handlers of all filters that fit the topic, or else those of unsolicited messages. */
    Set<MessageHandler> handlersOf(String topic) {
        Set<MessageHandler> handlers = new LinkedHashSet<>();
        for (Subscription subscription : byFilter.values()) {
            if (TopicFilter.matches(subscription.matched(), topic)) {
                handlers.addAll(subscription.handlers().keySet());
            }
        }
        if (handlers.isEmpty()) {
            unsolicited.forEach((handler, filter) -> {
                if (TopicFilter.matches(filter, topic)) {
                    handlers.add(handler);
                }
            });
        }
        return handlers;
    }

    /** Whether a filter fits the topic, be it one whose handlers have left. */
    boolean isSubscribed(String topic) {
        return byFilter.values().stream().anyMatch(subscription -> TopicFilter.matches(subscription.matched(), topic));
    }

    /** The SUBSCRIBE packets that the subscriptions need. */
    List<Batch> batches(Predicate<Subscription> which) {
        List<Batch> batches = new ArrayList<>();
        for (int qos = 0; qos <= 1; qos++) {
            int of = qos;
            List<Subscription> all = byFilter.values().stream()
                    .filter(subscription -> subscription.qos() == of)
                    .filter(which)
                    .toList();
            for (int from = 0; from < all.size(); from += MAX_FILTERS_PER_SUBSCRIBE) {
                batches.add(new Batch(of, all.subList(from, Math.min(all.size(), from + MAX_FILTERS_PER_SUBSCRIBE))));
            }
        }
        return batches;
    }

    /**
     * The server has answered. Subscriptions that were given up meanwhile are no business of anyone.
     *
     * @param refusals why a filter is not granted; null if it is
     */
    Answered answered(Batch batch, Function<String, ? extends IOException> refusals) {
        SubscriptionBook next = this;
        List<Notice> notices = new ArrayList<>();
        for (Subscription present : stillThere(batch.subscriptions())) {
            IOException refusal = refusals.apply(present.filter());
            next = next.with(present.answered(refusal != null), latest);
            present.handlers().forEach((handler, waiter) -> notices.add(new Notice(handler, waiter, refusal)));
        }
        return new Answered(next, notices);
    }

    /** The connection ended without an answer: who waits has heard of that, and to the others it is no news. */
    SubscriptionBook unanswered(Batch batch) {
        SubscriptionBook next = this;
        for (Subscription present : stillThere(batch.subscriptions())) {
            next = next.with(present.answered(present.refused()), latest);
        }
        return next;
    }

    /** Those who wait for the answer to a SUBSCRIBE. */
    List<CompletableFuture<Void>> waiters(Batch batch) {
        return waiters(stillThere(batch.subscriptions()));
    }

    /** Those who do not know yet what became of their filter. */
    List<CompletableFuture<Void>> waiters() {
        return waiters(byFilter.values());
    }

    private static List<CompletableFuture<Void>> waiters(Collection<Subscription> subscriptions) {
        return subscriptions.stream()
                .flatMap(subscription -> subscription.handlers().values().stream())
                .filter(Objects::nonNull)
                .toList();
    }

    private List<Subscription> stillThere(Collection<Subscription> asked) {
        return asked.stream()
                .flatMap(subscription -> Stream.ofNullable(byFilter.get(subscription.filter()))
                        .filter(present -> present.number() == subscription.number()))
                .toList();
    }
}
