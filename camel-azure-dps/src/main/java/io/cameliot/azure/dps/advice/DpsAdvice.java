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
package io.cameliot.azure.dps.advice;

import io.cameliot.common.camel.OptionAdvice;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.TlsTarget;
import java.time.Duration;
import java.util.Optional;

/** Tells the user how to correct a failure. */
public final class DpsAdvice extends OptionAdvice {

    /** The advice on connect failures. */
    public static final DpsAdvice ON_CONNECT = new DpsAdvice();

    private DpsAdvice() {
        super("serviceHost", "transport");
    }

    @Override
    public String on(ConnectFault fault, TlsTarget target) {
        return switch (fault) {
            // The service checks no credentials at the WebSocket upgrade.
            case UPGRADE_NOT_AUTHORIZED ->
                ": no credentials are checked yet, so a proxy or a firewall refuses, or option serviceHost names another"
                        + " server: check that option, and that every proxy on the way lets WebSockets through";
            case UPGRADE_NOT_FOUND -> super.on(fault, target) + ", and option webSocketPath";
            default -> super.on(fault, target);
        };
    }

    /**
     * Returns the advice on an error answer of the service.
     *
     * @param errorCode the service's extended code, such as 401002, if it sent one
     * @return the meaning and the advice; only the end of the sentence if neither is known
     */
    public static String onRefusal(int status, Optional<Integer> errorCode) {
        return RefusalAdvice.of(status, errorCode)
                .map(advice -> ": " + advice.meaning() + ". " + advice.whatToDo())
                .orElse(".");
    }

    /** Returns the advice on a CONNACK that refuses the device. */
    public static String onRefusedCredential() {
        return ". " + RefusalAdvice.NOT_AUTHORIZED.whatToDo()
                + " With a certificate, its common name must be the registration id.";
    }

    /** Returns the advice on a SUBACK that refuses the response topics. */
    public static String onRefusedSubscription() {
        return ". Check that serviceHost is the host of a Device Provisioning Service.";
    }

    /** Returns the advice on a pause that would outlast the registration. */
    public static String onPauseTooLong() {
        return " Raise registrationTimeout, or register again later.";
    }

    /** Returns the time limit of a registration with the name of its option. */
    public static String timeLimit(Duration limit) {
        return "registrationTimeout=" + limit.toMillis() + " ms";
    }

    /** Returns the name of the option that limits the retries. */
    public static String retryLimit() {
        return "maxRetries";
    }
}
