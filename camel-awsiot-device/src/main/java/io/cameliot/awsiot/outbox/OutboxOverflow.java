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
 * What happens to a message for which the outbox has no room. The names are the values of option {@code
 * outboxOverflow}.
 */
public enum OutboxOverflow {
    /** The exchange waits for room for at most option {@code publishTimeout}. */
    block,
    /** The exchange fails at once. */
    reject,
    /** The oldest message that is not in flight is dropped. */
    dropOldest
}
