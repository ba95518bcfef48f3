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
package io.cameliot.awsiot.link;

/** Whether the start of a route waits for its connection. */
public enum AwaitConnection {

    /**
     * Like {@link #always}, but like {@link #never} with an outbox, because an outbox exists for the times without a
     * connection.
     */
    auto,

    /** The route starts once it is connected. If it cannot connect, its start fails with the reason. */
    always,

    /** The route starts at once and connects in the background. */
    never
}
