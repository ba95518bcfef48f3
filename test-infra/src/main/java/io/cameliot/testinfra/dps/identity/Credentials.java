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
package io.cameliot.testinfra.dps.identity;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;

/** The credentials of a connecting device. */
public sealed interface Credentials {

    /**
     * Reads the credentials of a connection. It is an assumption that a SAS token has priority over a certificate if a
     * device sends both.
     *
     * @param password the MQTT password; null or empty for none
     * @param certificates the certificates of the TLS handshake, leaf first; empty for none
     * @return the credentials
     */
    static Credentials of(byte[] password, List<X509Certificate> certificates) {
        if (password != null && password.length > 0) {
            return new SasToken(new String(password, StandardCharsets.UTF_8));
        }
        return certificates.isEmpty() ? new None() : new CertificateChain(certificates);
    }

    /**
     * The MQTT password, which is treated as a shared access signature whatever it contains.
     *
     * @param token the password
     */
    record SasToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "a SAS token";
        }
    }

    /**
     * The X.509 certificates of the TLS handshake.
     *
     * @param chain the certificates, leaf first, at least one
     */
    record CertificateChain(List<X509Certificate> chain) implements Credentials {
        /** Copies and checks the list. */
        public CertificateChain {
            chain = List.copyOf(chain);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("A certificate chain has at least one certificate");
            }
        }

        @Override
        public String toString() {
            return "the certificate of " + leaf().getSubjectX500Principal();
        }

        /**
         * Returns the device's own certificate.
         *
         * @return the first of the chain
         */
        public X509Certificate leaf() {
            return chain.get(0);
        }
    }

    /** Neither a password nor a certificate. */
    record None() implements Credentials {
        @Override
        public String toString() {
            return "no credentials";
        }
    }
}
