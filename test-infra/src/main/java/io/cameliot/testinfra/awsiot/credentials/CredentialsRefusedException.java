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
package io.cameliot.testinfra.awsiot.credentials;

/** The credentials provider gives no credentials; the message goes to the device. */
public final class CredentialsRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why there are no credentials. */
    public enum Reason {
        /** The policy does not allow the role alias, or the thing is not that of the certificate. */
        ACCESS_DENIED,
        /** There is no such role alias. */
        NOT_FOUND
    }

    CredentialsRefusedException(Reason reason) {
        super(reason == Reason.ACCESS_DENIED ? "Access Denied" : "Not Found");
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
