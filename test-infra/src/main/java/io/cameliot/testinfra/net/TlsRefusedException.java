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
package io.cameliot.testinfra.net;

import io.cameliot.testinfra.event.Rule;

/** Refuses a client with a TLS alert before the handshake begins. */
public final class TlsRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The alerts of RFC 8446, section 6.2, that can answer a ClientHello. */
    public enum Alert {
        /** The server refuses without a particular reason. */
        HANDSHAKE_FAILURE(40),
        /** The server name is missing or unknown. */
        UNRECOGNIZED_NAME(112),
        /** The server supports none of the offered ALPN names. */
        NO_APPLICATION_PROTOCOL(120);

        private final int code;

        Alert(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private final Alert alert;
    private final transient Rule rule;

    /**
     * Creates a refusal.
     *
     * @param alert the alert for the client
     * @param rule the rule that the client has broken
     * @param message the message for the emulator's log
     */
    public TlsRefusedException(Alert alert, Rule rule, String message) {
        super(message);
        this.alert = alert;
        this.rule = rule;
    }

    Alert alert() {
        return alert;
    }

    Rule rule() {
        return rule;
    }
}
