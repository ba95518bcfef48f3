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

/** A device's request whose topic has been parsed. */
interface RecognizedRequest {
    /** The subject by which the requests of a connection are counted. */
    String subject();

    /** The maximum number of requests in flight with the same subject. */
    int most();

    /** Performs the request. */
    ServiceReply handle(byte[] payload);

    /** Rejects the request because {@link #most()} others are in flight. */
    ServiceReply handleTooMany(byte[] payload);

    /** Rejects the request for a test. */
    ServiceReply reject(byte[] payload, String code, String message);
}
