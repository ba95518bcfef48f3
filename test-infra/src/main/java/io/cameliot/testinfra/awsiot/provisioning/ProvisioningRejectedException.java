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
package io.cameliot.testinfra.awsiot.provisioning;

/**
 * The rejection that a device receives on {@code …/rejected}. AWS documents the form of the answer, but not its error
 * codes. Observed are {@code InvalidCertificateOwnershipToken} with status 400, and status 403 for a denial; the other
 * codes here follow the names of AWS IoT's exceptions.
 */
public final class ProvisioningRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final String INVALID_TOKEN = "InvalidCertificateOwnershipToken";

    private final int statusCode;
    private final String errorCode;

    /**
     * Creates a rejection.
     *
     * @param statusCode an HTTP status code
     * @param errorCode one word
     * @param message a sentence
     */
    public ProvisioningRejectedException(int statusCode, String errorCode, String message) {
        super(message);
        this.statusCode = statusCode;
        this.errorCode = errorCode;
    }

    public int statusCode() {
        return statusCode;
    }

    public String errorCode() {
        return errorCode;
    }

    static ProvisioningRejectedException missingToken() {
        return new ProvisioningRejectedException(
                BAD_REQUEST, INVALID_TOKEN, "Certificate ownership token cannot be empty.");
    }

    /** Unknown, used and expired tokens get the same answer. */
    static ProvisioningRejectedException invalidToken() {
        return new ProvisioningRejectedException(
                BAD_REQUEST, INVALID_TOKEN, "The certificate ownership token is not valid.");
    }

    static ProvisioningRejectedException invalidSigningRequest(String message) {
        return new ProvisioningRejectedException(BAD_REQUEST, "InvalidCertificateSigningRequest", message);
    }

    static ProvisioningRejectedException invalidParameters(String message) {
        return new ProvisioningRejectedException(BAD_REQUEST, "InvalidParameters", message);
    }

    /** Creates the rejection of a malformed request. */
    public static ProvisioningRejectedException invalidPayload(String message) {
        return new ProvisioningRejectedException(BAD_REQUEST, "InvalidPayload", message);
    }

    /** The hook denied, failed or timed out, or the claim is no longer valid. */
    static ProvisioningRejectedException accessDenied() {
        return new ProvisioningRejectedException(FORBIDDEN, "AccessDenied", "Access Denied");
    }

    static ProvisioningRejectedException unknownTemplate(String name) {
        return new ProvisioningRejectedException(
                NOT_FOUND, "ResourceNotFound", "There is no provisioning template " + name);
    }
}
