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

/** The connection of a device that has sent a request. */
public interface RequestingDevice {
    /** Returns the client id of the device. */
    String clientId();

    /** The id of its certificate, its access key or its authorizer's principal. */
    String principalId();

    /** Whether it has subscribed to a topic. */
    boolean hasSubscribed(String topic);

    /** Its unanswered requests. */
    RequestCounts inFlight();

    /** Sends a message to the device, with or without a subscription. No effect if the device has disconnected. */
    void deliver(String topic, byte[] payload);

    /** Closes the connection without a DISCONNECT. */
    void drop();
}
