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
package io.cameliot.testinfra.awsiot.journal;

import io.cameliot.testinfra.awsiot.gateway.ReceivedConnect;
import io.cameliot.testinfra.awsiot.gateway.ReceivedPublish;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.awsiot.gateway.ReceivedSubscribe;
import io.cameliot.testinfra.awsiot.gateway.ReceivedUnsubscribe;

/**
 * Records what clients have sent.
 *
 * @param connects the CONNECT packets, including refused ones
 * @param publishes the accepted messages
 * @param subscribes the SUBSCRIBE packets
 * @param unsubscribes the UNSUBSCRIBE packets
 * @param requests the answered HTTP requests
 */
public record Journal(
        RecentLog<ReceivedConnect> connects,
        RecentLog<ReceivedPublish> publishes,
        RecentLog<ReceivedSubscribe> subscribes,
        RecentLog<ReceivedUnsubscribe> unsubscribes,
        RecentLog<ReceivedRequest> requests) {
    public Journal() {
        this(
                new RecentLog<>(connect -> connect.clientId().length()),
                new RecentLog<>(publish -> publish.payload().length),
                new RecentLog<>(subscribe -> subscribe.subscriptions().size()),
                new RecentLog<>(unsubscribe -> unsubscribe.topicFilters().size()),
                new RecentLog<>(request -> request.path().length()));
    }
}
