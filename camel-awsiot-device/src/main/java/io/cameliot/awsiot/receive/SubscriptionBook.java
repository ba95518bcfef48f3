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
 * The topic filters of all handlers of one connection, merged into one subscription for each filter at the highest
 * requested QoS. It is immutable, so that an arriving message is looked up without a lock. Each change creates a new
 * book.
 *
 * @param byFilter subscriptions in the order of registration
 * @param unsolicited handlers of messages that match their filter and that have no other handler
 * @param latest number of the latest subscription
 */
record SubscriptionBook(Map<String, Subscription> byFilter, Map<MessageHandler, String> unsolicited, int latest) {

    /** Largest number of subscriptions of one connection (AWS IoT Core quotas). */
    static final int MAX_SUBSCRIPTIONS = 50;

    /** Largest number of filters in one SUBSCRIBE (AWS IoT Core quotas). */
    private static final int MAX_FILTERS_PER_SUBSCRIBE = 8;

    static final SubscriptionBook EMPTY = new SubscriptionBook(Map.of(), Map.of(), 0);

    /**
     * The subscription to one topic filter.
     *
     * @param number tells the subscription from an earlier, ended one to the same filter
     * @param matched the filter without the prefix of a shared subscription
     * @param qos the highest requested QoS
     * @param refused whether the server refused it
     * @param handlers the handlers, each with the future of its grant; null once the outcome is known
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

    /** The content of one SUBSCRIBE packet. */
    record Batch(int qos, List<Subscription> subscriptions) {

        List<String> filters() {
            return subscriptions.stream().map(Subscription::filter).toList();
        }
    }

    /**
     * A notification of a handler about the server's answer.
     *
     * @param waiter the handler's future; null if the handler was notified before
     * @param refusal why the server did not grant the filter; null if it did
     */
    record Notice(MessageHandler handler, CompletableFuture<Void> waiter, IOException refusal) {

        /**
         * Notifies the handler. A refusal fails the future of a waiting handler; a handler that was notified before is
         * told of the refusal.
         */
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

    /** A book after an answer of the server, and the notifications to send. */
    record Answered(SubscriptionBook book, List<Notice> notices) {}

    /** Returns whether a handler of this filter can be added. */
    boolean hasRoomFor(String filter) {
        return byFilter.containsKey(filter) || byFilter.size() < MAX_SUBSCRIPTIONS;
    }

    /**
     * Returns the filter of a subscription that cannot be on one connection with another filter, because one of them is
     * shared and a topic can match both; null if there is none. The server sends a message for the shared subscription
     * to one client of the group, and another copy for the other subscription. Nothing tells the copies apart, because
     * AWS IoT Core supports no subscription identifiers.
     */
    String conflicting(String filter) {
        String matched = TopicRules.withoutSharePrefix(filter);
        return byFilter.values().stream()
                .filter(present -> !present.filter().equals(filter))
                .filter(present -> TopicRules.isShared(filter) || TopicRules.isShared(present.filter()))
                .filter(present -> TopicFilter.overlap(present.matched(), matched))
                .map(Subscription::filter)
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns a book with another handler.
     *
     * @param waiter the future to complete when the server grants or refuses the filter
     */
    SubscriptionBook with(String filter, int qos, MessageHandler handler, CompletableFuture<Void> waiter) {
        Subscription known = byFilter.get(filter);
        int number = known == null ? latest + 1 : latest;
        Subscription subscription = known == null
                ? new Subscription(number, filter, TopicRules.withoutSharePrefix(filter), qos, false, Map.of())
                : known;
        return with(subscription.with(handler, qos, waiter), number);
    }

    private SubscriptionBook with(Subscription subscription, int number) {
        Map<String, Subscription> next = new LinkedHashMap<>(byFilter);
        next.put(subscription.filter(), subscription);
        return new SubscriptionBook(Collections.unmodifiableMap(next), unsolicited, number);
    }

    /** Returns a book without a handler. The filter stays, because messages may still arrive for it. */
    SubscriptionBook without(String filter, MessageHandler handler) {
        Subscription known = byFilter.get(filter);
        return known == null ? this : with(known.without(handler), latest);
    }

    SubscriptionBook withoutFilter(String filter) {
        Map<String, Subscription> next = new LinkedHashMap<>(byFilter);
        next.remove(filter);
        return new SubscriptionBook(Collections.unmodifiableMap(next), unsolicited, latest);
    }

    SubscriptionBook withUnsolicited(String filter, MessageHandler handler) {
        Map<MessageHandler, String> next = new LinkedHashMap<>(unsolicited);
        next.put(handler, filter);
        return new SubscriptionBook(byFilter, Collections.unmodifiableMap(next), latest);
    }

    SubscriptionBook withoutUnsolicited(MessageHandler handler) {
        Map<MessageHandler, String> next = new LinkedHashMap<>(unsolicited);
        next.remove(handler);
        return new SubscriptionBook(byFilter, Collections.unmodifiableMap(next), latest);
    }

    /** Returns all handlers of filters. */
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

    /** Returns the handlers of all filters that match the topic, or else those of unsolicited messages. */
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

    /** Returns whether a filter matches the topic, including filters whose handlers were removed. */
    boolean isSubscribed(String topic) {
        return byFilter.values().stream().anyMatch(subscription -> TopicFilter.matches(subscription.matched(), topic));
    }

    /** Returns the SUBSCRIBE packets for the selected subscriptions. */
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
     * Applies the server's answer. Subscriptions that have ended meanwhile are ignored.
     *
     * @param refusals returns why a filter was not granted; null if it was
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

    /**
     * Returns the book after the connection ended without an answer. The caller fails the waiters; other handlers are
     * not notified.
     */
    SubscriptionBook unanswered(Batch batch) {
        SubscriptionBook next = this;
        for (Subscription present : stillThere(batch.subscriptions())) {
            next = next.with(present.answered(present.refused()), latest);
        }
        return next;
    }

    /** Returns the futures that wait for the answer to a SUBSCRIBE. */
    List<CompletableFuture<Void>> waiters(Batch batch) {
        return waiters(stillThere(batch.subscriptions()));
    }

    /** Returns the futures of all handlers whose filter has no answer yet. */
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
