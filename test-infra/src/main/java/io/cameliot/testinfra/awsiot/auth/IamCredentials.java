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
package io.cameliot.testinfra.awsiot.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * Credentials that the emulated account knows.
 *
 * @param accessKeyId the access key's id
 * @param secretAccessKey the secret
 * @param sessionToken the session token of temporary credentials
 * @param expiration the end of validity of temporary credentials
 */
public record IamCredentials(
        String accessKeyId, String secretAccessKey, Optional<String> sessionToken, Optional<Instant> expiration) {
    /**
     * The credentials of an IAM user, which do not expire.
     *
     * @param accessKeyId the access key's id
     * @param secretAccessKey the secret
     * @return credentials
     */
    public static IamCredentials permanent(String accessKeyId, String secretAccessKey) {
        return new IamCredentials(accessKeyId, secretAccessKey, Optional.empty(), Optional.empty());
    }

    /**
     * Temporary credentials like those of AWS STS.
     *
     * @param accessKeyId the access key's id
     * @param secretAccessKey the secret
     * @param sessionToken the session token
     * @param expiration the end of their validity
     * @return credentials
     */
    public static IamCredentials temporary(
            String accessKeyId, String secretAccessKey, String sessionToken, Instant expiration) {
        return new IamCredentials(accessKeyId, secretAccessKey, Optional.of(sessionToken), Optional.of(expiration));
    }

    /** Omits the secrets. */
    @Override
    public String toString() {
        return "IamCredentials[" + accessKeyId + "]";
    }
}
