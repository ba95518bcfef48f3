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
 * Receiving messages: subscriptions and their handlers, the hand-over to the threads of routes, and the order of
 * acknowledgements. The owner attaches and detaches connections; this package makes none and does not depend on
 * publishing.
 *
 * <p>For use from outside: {@link io.cameliot.awsiot.receive.SubscriptionRefusedException} and {@link
 * io.cameliot.awsiot.receive.AcknowledgementMode}, the values of an option.
 */
package io.cameliot.awsiot.receive;
