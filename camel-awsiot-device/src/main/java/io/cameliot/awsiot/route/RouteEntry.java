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

/** The view of a consumer for classes that pass exchanges to its route. */
public interface RouteEntry {

    /** Creates an exchange. The caller must release it. */
    Exchange create();

    void release(Exchange exchange);

    AsyncProcessor route();

    /** Passes the failure of an exchange to the consumer's exception handler. */
    void failed(String message, Exchange exchange);

    /** Passes a problem without an exchange to the consumer's exception handler, which may block. */
    void failed(Throwable problem);

    /** Returns whether Camel's shutdown timeout has elapsed for the consumer, so that exchanges fail because of its stop. */
    boolean isForcedToStop();
}
