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
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The requests that services of AWS IoT Core answer. A constant gives the request's topic, the topics of its answers
 * and how to subscribe to them, how to assign an answer to its request, and how to read a rejection.
 *
 * <p>The topic filters are those of the AWS IoT Device SDK's service clients, so that policies written for the SDK fit.
 * There is one difference: one filter receives the answers for all jobs of a thing, and one for all executions of a
 * command's target.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html">AWS IoT Developer Guide,
 *     Reserved topics</a>
 */
public enum ReservedRequest {
    SHADOW_GET("$aws/things/{thing}/shadow/get", Listening.TOGETHER, Correlation.CLIENT_TOKEN, Rejection.SHADOW),
    /** Singly, because a wildcard would also match the topics of deltas and documents. */
    SHADOW_UPDATE("$aws/things/{thing}/shadow/update", Listening.SINGLY, Correlation.CLIENT_TOKEN, Rejection.SHADOW),
    SHADOW_DELETE("$aws/things/{thing}/shadow/delete", Listening.TOGETHER, Correlation.CLIENT_TOKEN, Rejection.SHADOW),
    NAMED_SHADOW_GET(
            "$aws/things/{thing}/shadow/name/{shadow}/get",
            Listening.TOGETHER,
            Correlation.CLIENT_TOKEN,
            Rejection.SHADOW),
    NAMED_SHADOW_UPDATE(
            "$aws/things/{thing}/shadow/name/{shadow}/update",
            Listening.SINGLY,
            Correlation.CLIENT_TOKEN,
            Rejection.SHADOW),
    NAMED_SHADOW_DELETE(
            "$aws/things/{thing}/shadow/name/{shadow}/delete",
            Listening.TOGETHER,
            Correlation.CLIENT_TOKEN,
            Rejection.SHADOW),
    PENDING_JOBS("$aws/things/{thing}/jobs/get", Listening.TOGETHER, Correlation.CLIENT_TOKEN, Rejection.JOBS),
    START_NEXT_JOB("$aws/things/{thing}/jobs/start-next", Listening.TOGETHER, Correlation.CLIENT_TOKEN, Rejection.JOBS),
    DESCRIBE_JOB("$aws/things/{thing}/jobs/{job}/get", Listening.TOGETHER, Correlation.CLIENT_TOKEN, Rejection.JOBS),
    UPDATE_JOB("$aws/things/{thing}/jobs/{job}/update", Listening.TOGETHER, Correlation.CLIENT_TOKEN, Rejection.JOBS),
    COMMAND_RESPONSE(
            "$aws/commands/things/{thing}/executions/{execution}/response/json",
            "$aws/commands/things/{thing}/executions/{execution}/response/{answer}/json",
            Listening.SINGLY,
            Correlation.TOPIC,
            Rejection.COMMANDS),
    CLIENT_COMMAND_RESPONSE(
            "$aws/commands/clients/{client}/executions/{execution}/response/json",
            "$aws/commands/clients/{client}/executions/{execution}/response/{answer}/json",
            Listening.SINGLY,
            Correlation.TOPIC,
            Rejection.COMMANDS),
    CREATE_KEYS_AND_CERTIFICATE(
            "$aws/certificates/create/json", Listening.SINGLY, Correlation.TOPIC, Rejection.PROVISIONING),
    CREATE_CERTIFICATE_FROM_CSR(
            "$aws/certificates/create-from-csr/json", Listening.SINGLY, Correlation.TOPIC, Rejection.PROVISIONING),
    REGISTER_THING(
            "$aws/provisioning-templates/{template}/provision/json",
            Listening.SINGLY,
            Correlation.TOPIC,
            Rejection.PROVISIONING),
    REPORT_METRICS(
            "$aws/things/{thing}/defender/metrics/json",
            Listening.SINGLY,
            Correlation.REPORT_ID,
            Rejection.DEVICE_DEFENDER);

    private static final String PREFIX = "$aws/";
    private static final String ANSWER = "{answer}";
    private static final String ACCEPTED = "accepted";
    private static final String REJECTED = "rejected";
    private static final String JSON = "json";
    private static final String CBOR = "cbor";

    /** Names that become wildcards in topic filters, because many of their values are in use at a time. */
    private static final Set<String> MANY = Set.of("{job}", "{execution}");

    private final String[] topic;
    private final String[] answers;
    private final Listening listening;
    private final Correlation correlation;
    private final Rejection rejection;

    /** How to subscribe to the two answer topics. */
    private enum Listening {
        /** With one filter that has a wildcard. */
        TOGETHER,
        /** With one filter each. */
        SINGLY
    }

    ReservedRequest(String topic, Listening listening, Correlation correlation, Rejection rejection) {
        this(topic, topic + "/{answer}", listening, correlation, rejection);
    }

    ReservedRequest(String topic, String answers, Listening listening, Correlation correlation, Rejection rejection) {
        this.topic = topic.split("/");
        this.answers = answers.split("/");
        this.listening = listening;
        this.correlation = correlation;
        this.rejection = rejection;
    }

    /** Returns how an answer is assigned to its request. */
    public Correlation correlation() {
        return correlation;
    }

    /** Returns how to read a rejection. */
    public Rejection rejection() {
        return rejection;
    }

    /** Returns whether the request is to the Device Shadow service, which also answers by HTTPS. */
    public boolean isShadow() {
        return rejection == Rejection.SHADOW;
    }

    /**
     * Finds the request of a topic.
     *
     * @param topic topic name
     * @return null if the topic is not that of a request
     * @throws IllegalArgumentException if the topic is that of a request in CBOR
     */
    public static ServiceCall of(String topic) {
        if (!topic.startsWith(PREFIX)) {
            return null;
        }
        String[] levels = topic.split("/", -1);
        ServiceCall call = of(topic, levels);
        if (call == null && levels[levels.length - 1].equals(CBOR)) {
            levels[levels.length - 1] = JSON;
            if (of(topic, levels) != null) {
                throw new IllegalArgumentException("The answers to a request to topic '" + topic
                        + "' are in CBOR, which are not read: use the topic that ends in /json, or request=never to publish"
                        + " without waiting for an answer");
            }
        }
        return call;
    }

    private static ServiceCall of(String topic, String[] levels) {
        for (ReservedRequest request : values()) {
            Map<String, String> names = request.names(levels);
            if (names != null) {
                return request.call(topic, names);
            }
        }
        return null;
    }

    /**
     * Matches a topic with the request's topic.
     *
     * @return the values of the names in braces; null if the topic is not this request's
     */
    private Map<String, String> names(String[] levels) {
        if (levels.length != topic.length) {
            return null;
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < levels.length; i++) {
            if (topic[i].startsWith("{") && !levels[i].isEmpty()) {
                names.put(topic[i], levels[i]);
            } else if (!topic[i].equals(levels[i])) {
                return null;
            }
        }
        return names;
    }

    private ServiceCall call(String name, Map<String, String> names) {
        Map<String, String> filterNames = new HashMap<>(names);
        MANY.forEach(many -> filterNames.replace(many, "+"));
        List<String> filters = new ArrayList<>();
        if (listening == Listening.TOGETHER) {
            filters.add(answerTopic(filterNames, "+"));
        } else {
            filters.add(answerTopic(filterNames, ACCEPTED));
            filters.add(answerTopic(filterNames, REJECTED));
        }
        return new ServiceCall(
                this,
                name,
                answerTopic(names, ACCEPTED),
                answerTopic(names, REJECTED),
                List.copyOf(filters),
                names.getOrDefault("{thing}", name),
                names.get("{shadow}"));
    }

    private String answerTopic(Map<String, String> names, String answer) {
        List<String> levels = new ArrayList<>();
        for (String level : answers) {
            levels.add(level.equals(ANSWER) ? answer : names.getOrDefault(level, level));
        }
        return String.join("/", levels);
    }
}
