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
 * A look at an outbox. The counts begin when it is opened.
 *
 * @param depth messages that it keeps, those set aside included
 * @param waiting messages that wait to be accepted
 * @param accepted messages that it has taken
 * @param forwarded messages that the server has acknowledged
 * @param dropped messages that were thrown away to make room
 * @param setAside messages that it does not send for a while, because the server refused them, or the connection was lost
 *     with each of them
 * @param expired messages that it dropped because their message expiry was over
 */
public record OutboxStatus(
        int depth, int waiting, long accepted, long forwarded, long dropped, long setAside, long expired) {

    static final OutboxStatus NONE = new OutboxStatus(0, 0, 0, 0, 0, 0, 0);
}
