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
package io.cameliot.awsiot.outbox;

/**
 * A snapshot of an outbox. The counts start at zero when it is opened.
 *
 * @param depth messages in the outbox now, including those set aside
 * @param waiting messages that wait now to be accepted
 * @param accepted number of messages that were accepted
 * @param forwarded number of messages that the server has acknowledged
 * @param dropped number of messages that were dropped to make room
 * @param setAside how often a message was set aside for a while, because the server refused it or connections ended
 *     while it alone was in flight
 * @param expired number of messages that were dropped because their message expiry was over
 */
public record OutboxStatus(
        int depth, int waiting, long accepted, long forwarded, long dropped, long setAside, long expired) {

    static final OutboxStatus NONE = new OutboxStatus(0, 0, 0, 0, 0, 0, 0);
}
