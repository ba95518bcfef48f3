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
package io.cameliot.awsiot.credentials;

import io.cameliot.common.text.ForeignText;

/**
 * Thrown when AWS IoT gives no credentials for a role alias. The message says what is wrong and what to do, and contains
 * no secret.
 */
public class RoleAliasException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Integer statusCode;

    /**
     * Creates an exception.
     *
     * @param message may quote text from outside: its control characters are escaped
     * @param statusCode HTTP status of the answer; null if there was no answer
     * @param cause may be null
     */
    public RoleAliasException(String message, Integer statusCode, Throwable cause) {
        super(ForeignText.escaped(message), cause);
        this.statusCode = statusCode;
    }

    /** Returns the HTTP status of the answer; null if there was no answer. */
    public Integer getStatusCode() {
        return statusCode;
    }
}
