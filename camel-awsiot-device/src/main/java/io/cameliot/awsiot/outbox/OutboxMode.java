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

/** Where an outbox stores its messages. The names are the values of option {@code outbox}. */
public enum OutboxMode {
    /** There is no outbox: an exchange continues when the server has acknowledged its message. */
    none,
    /** In memory: messages survive lost connections. */
    memory,
    /** On disk: messages also survive the end of the process. */
    file
}
