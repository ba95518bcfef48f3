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
package io.cameliot.testinfra.event;

/** The rules of AWS IoT Core by which a client is refused after the TLS handshake. */
public enum AwsIotRule implements Rule {
    /** The first packet is no CONNECT, or a packet comes before CONNACK. */
    CONNECT_FIRST("A client sends one CONNECT and waits for CONNACK before it sends anything else.", Sources.MQTT),
    /** The version of MQTT. */
    MQTT_VERSION("AWS IoT Core speaks MQTT 3.1.1 and MQTT 5.", Sources.MQTT),
    /** The form of the client id. */
    CLIENT_ID("A client id has 1 to 128 bytes in UTF-8 and does not begin with $.", Sources.QUOTAS),
    /** Another connection has the same client id. */
    DUPLICATE_CLIENT_ID(
            "A client id has one connection. A newer connection with the same client id ends the older one: give each"
                    + " client an id of its own.",
            Sources.LIFECYCLE),
    /** CONNECTs follow one another too soon. */
    CONNECT_RATE("A client id may connect once in a while, in the cloud once a second.", Sources.QUOTAS),
    /** A connection publishes and receives too many messages. */
    PUBLISH_RATE(
            "A connection publishes and receives a limited number of messages a second, in the cloud 100. More are"
                    + " discarded.",
            Sources.QUOTAS),
    /** The will's QoS, topic or properties. */
    WILL("A will follows the rules of a message: QoS 0 or 1, a topic without wildcards.", Sources.MQTT),
    /** A custom authorizer has not accepted the client. */
    NOT_AUTHENTICATED(
            "A custom authorizer must accept the client: name the authorizer, send the token under its token key name"
                    + " with its signature, or the right user name and password.",
            "AWS IoT Core Developer Guide, \"Custom authentication and authorization\""),
    /** The policy does not allow an action. */
    POLICY(
            "The policy must allow the action on the resource, and no statement may deny it.",
            "AWS IoT Core Developer Guide, \"AWS IoT Core policy actions\""),
    /** QoS 2. */
    QOS_2(
            "AWS IoT Core has no QoS 2. A publish or a subscription at QoS 2 gets no answer by MQTT 3.1.1, and ends the"
                    + " connection by MQTT 5: use QoS 0 or 1.",
            Sources.MQTT),
    /** The topic of a message. */
    TOPIC(
            "A topic has at most 256 bytes in UTF-8 and 7 forward slashes, and no wildcards. The prefix"
                    + " $aws/rules/<rule>/ does not count.",
            Sources.QUOTAS),
    /** The topic filter of a subscription. */
    TOPIC_FILTER(
            "A topic filter follows the rules of a topic; + and # stand for whole levels, and # is the last one.",
            Sources.QUOTAS),
    /** A filter that AWS IoT Core closes the connection for. */
    COMMAND_FILTER(
            "Among the topics of commands the only wildcard is + for the execution.", "Observed at AWS IoT Core"),
    /** A topic alias. */
    TOPIC_ALIAS("A topic alias is 1 to the Topic Alias Maximum of CONNACK, and was set before.", Sources.MQTT),
    /** What MQTT does not allow. */
    PROTOCOL("A packet has the form that MQTT requires.", "MQTT 3.1.1 and MQTT 5 (OASIS)"),
    /** A size. */
    SIZE("A payload has at most 128 KB, a packet at most the Maximum Packet Size of CONNACK.", Sources.QUOTAS),
    /** The Receive Maximum, or a packet id that is in use. */
    IN_FLIGHT(
            "At most 100 messages of a client may wait for their PUBACK, each with a packet id of its own.",
            Sources.QUOTAS),
    /** The number of filters or subscriptions. */
    SUBSCRIPTION_QUOTA(
            "A SUBSCRIBE has at most 8 topic filters, and a connection at most 50 subscriptions.", Sources.QUOTAS),
    /** A feature of MQTT that is not available. */
    NOT_AVAILABLE("CONNACK says what is not available, such as subscription identifiers.", Sources.MQTT),
    /** The client was silent for too long. */
    KEEP_ALIVE(
            "A client sends a packet within one and a half times its keep alive, PINGREQ if there is nothing else.",
            Sources.LIFECYCLE),
    /** A request to a device service was rejected. */
    SERVICE_REQUEST(
            "A request to shadows, jobs, commands or provisioning must be right; the answer on …/rejected tells what is"
                    + " not.",
            "AWS IoT Core Developer Guide, \"Device communication protocols\" and the guide of the service"),
    /** An HTTP request has no credentials. */
    CREDENTIALS_MISSING(
            "An HTTPS request or a WebSocket upgrade carries a signature (Signature Version 4) or the parameters of a"
                    + " custom authorizer.",
            Sources.SIGNATURE),
    /** The form, the scope or the time of a signature. */
    SIGNATURE_FORM(
            "A signature names its key, date, region, service and signed headers, and is made at most five minutes"
                    + " before or after the time of the server.",
            Sources.SIGNATURE),
    /** The key or the session token of a signature. */
    SIGNATURE_KEY(
            "The access key must exist, with the session token that belongs to it, and not be expired.",
            Sources.SIGNATURE),
    /** The signature is another one. */
    SIGNATURE(
            "The signature must be that of the request as the server receives it: method, path, query, signed headers and"
                    + " body.",
            Sources.SIGNATURE),
    /** An HTTP request that is none of the data plane's. */
    HTTP_REQUEST("An HTTPS request has the form of the data plane API.", "AWS IoT data plane API reference"),
    /** The credentials provider refuses. */
    ROLE_ALIAS(
            "The role alias must exist, the policy of the certificate must allow iot:AssumeRoleWithCertificate on it, and"
                    + " the thing must be the certificate's.",
            "AWS IoT Core Developer Guide, \"Authorizing direct calls to AWS services using AWS IoT Core credential"
                    + " provider\""),
    /** A fault was injected. */
    INJECTED_FAULT("A fault was injected into the emulator.", "The emulator's user");

    private final String meaning;
    private final String source;

    AwsIotRule(String meaning, String source) {
        this.meaning = meaning;
        this.source = source;
    }

    @Override
    public String meaning() {
        return meaning;
    }

    @Override
    public String source() {
        return source;
    }

    private static final class Sources {
        private static final String MQTT =
                "AWS IoT Core Developer Guide, \"MQTT\" (differences from the specifications)";
        private static final String QUOTAS = "AWS General Reference, \"AWS IoT Core endpoints and quotas\"";
        private static final String LIFECYCLE = "AWS IoT Core Developer Guide, \"Lifecycle events\"";
        private static final String SIGNATURE =
                "AWS Identity and Access Management User Guide, \"Create a signed AWS API request\"";
    }
}
