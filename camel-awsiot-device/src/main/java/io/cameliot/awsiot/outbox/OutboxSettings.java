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

import java.nio.file.Path;

/**
 * The options of an outbox.
 *
 * @param mode memory or file
 * @param directory parent directory of the outboxes of all identities; null in memory
 * @param maxMessages largest number of stored messages
 * @param overflow what happens to a message beyond that number
 */
public record OutboxSettings(OutboxMode mode, Path directory, int maxMessages, OutboxOverflow overflow) {}
