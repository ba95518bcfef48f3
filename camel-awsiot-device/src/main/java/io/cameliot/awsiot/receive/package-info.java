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
 * The messages that arrive: subscriptions and their handlers, the hand-off to the threads of routes, and the order of
 * acknowledgements. Its owner attaches and detaches connections; it makes none, and knows nothing of publishing.
 *
 * <p>For use from outside: {@link io.cameliot.awsiot.receive.SubscriptionRefusedException} and the values of an option,
 * {@link io.cameliot.awsiot.receive.AcknowledgementMode}.
 */
package io.cameliot.awsiot.receive;
