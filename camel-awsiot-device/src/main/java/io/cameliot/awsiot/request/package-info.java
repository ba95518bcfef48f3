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
/**
 * Request and response over a shared connection: requests that wait for an answer, their timeouts, and the
 * subscriptions that receive answers. {@link io.cameliot.awsiot.request.Requests} handles requests by response topic
 * (MQTT 5 section 4.10).
 *
 * <p>Public API: {@link io.cameliot.awsiot.request.AnswerLostException} and the values of an option,
 * {@link io.cameliot.awsiot.request.RequestMode}. The package does not depend on Camel exchanges.
 */
package io.cameliot.awsiot.request;
