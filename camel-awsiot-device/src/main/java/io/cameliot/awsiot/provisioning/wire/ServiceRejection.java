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
package io.cameliot.awsiot.provisioning.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.awsiot.service.Rejection;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.text.ForeignText;

/**
 * The content of an answer that rejects a request.
 *
 * @param status the status, with the meaning of an HTTP status; 0 if the answer has none
 * @param code AWS's code, such as {@code InvalidCertificateOwnershipToken}
 * @param message AWS's message; null if the answer has none
 * @param passing whether the same request can succeed later: status 429 or from 500
 */
public record ServiceRejection(int status, String code, String message, boolean passing) {

    static final String INVALID_TOKEN = "InvalidCertificateOwnershipToken";

    /** Reads an answer, whatever it holds. */
    public static ServiceRejection read(byte[] body) {
        Rejection.Reason reason = Rejection.PROVISIONING.read(body);
        JsonNode json = ServiceJson.readOrNull(body);
        int status = json == null ? 0 : json.path("statusCode").asInt(0);
        return new ServiceRejection(status, reason.code(), reason.message(), reason.retryable());
    }

    /** Returns whether the token has expired, was used, or never was one. */
    public boolean isOfToken() {
        return code.equals(INVALID_TOKEN);
    }

    /** Returns {@code 403 AccessDenied (Access Denied)}. */
    public String describe() {
        return status + " " + ForeignText.shown(code)
                + (message == null ? "" : " (" + ForeignText.shown(message) + ")");
    }
}
