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
package io.cameliot.awsiot.route;

import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;

/** What a consumer has for those who bring something into its route. */
public interface RouteEntry {

    /** An exchange, to be released. */
    Exchange create();

    void release(Exchange exchange);

    AsyncProcessor route();

    /** Gives the failure of an exchange to the consumer's exception handler. */
    void failed(String message, Exchange exchange);

    /** Whether Camel's shutdown timeout is over, and exchanges fail because of that. */
    boolean isForcedToStop();
}
