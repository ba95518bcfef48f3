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
package io.cameliot.awsiot.request;

/**
 * Selects the InOut exchanges of a producer that wait for an answer. The names are the values of option
 * {@code request}.
 */
public enum RequestMode {
    /** Exchanges whose topic is that of a request which AWS IoT Core answers itself. */
    auto,
    /** All exchanges. A subscriber of the topic answers by MQTT 5's response topic and correlation data. */
    always,
    /** No exchange: an InOut exchange continues when its message is acknowledged, as an InOnly exchange does. */
    never
}
