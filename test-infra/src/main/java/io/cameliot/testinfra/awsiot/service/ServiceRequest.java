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

/** A device's request, of which the topic has been read. */
interface ServiceRequest {
    /** What the requests of a connection compete for. */
    String subject();

    /** How many of them may be in flight. */
    int most();

    /** What it is answered with. */
    ServiceReply handle(byte[] payload);

    /** What it is answered with if there are {@link #most()} already. */
    ServiceReply handleTooMany(byte[] payload);

    /** What it is answered with if a test wants it to be rejected. */
    ServiceReply reject(byte[] payload, String code, String message);
}
