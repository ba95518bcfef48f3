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

/**
 * An authenticated client.
 *
 * @param authentication the method of authentication
 * @param identifier the certificate's id (the SHA-256 of its DER form, in hex), the access key id, or the authorizer's
 *     principal id; never a secret
 */
public record Principal(Authentication authentication, String identifier) {
    /** The authentication methods of AWS IoT Core's protocol matrix. */
    public enum Authentication {
        /** X.509 client certificate. */
        X509,
        /** AWS Signature Version 4. */
        SIGV4,
        /** A custom authorizer. */
        CUSTOM
    }
}
