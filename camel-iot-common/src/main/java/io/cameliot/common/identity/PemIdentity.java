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
package io.cameliot.common.identity;

import io.cameliot.common.text.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A certificate and its private key in two PEM files. */
public final class PemIdentity {

    private PemIdentity() {}

    /**
     * Checks that two files hold a certificate and the private key of it. The validity of the certificate is not checked,
     * because it depends on the clock. An encrypted key is not checked.
     *
     * @return what is wrong with the files, as text that goes on after their names; empty if nothing is
     * @throws IOException if a file cannot be read
     */
    public static Optional<String> problem(Path certificate, Path privateKey) throws IOException {
        byte[] key = Files.readAllBytes(privateKey);
        try {
            if (PemReader.isEncrypted(key)) {
                return Optional.empty();
            }
            ClientKey identity = new ClientKey(
                    PemReader.privateKey(key, null), PemReader.certificates(Files.readAllBytes(certificate)));
            return identity.matches()
                    ? Optional.empty()
                    : Optional.of("the private key is not that of the certificate "
                            + identity.leaf().getSubjectX500Principal());
        } catch (IllegalArgumentException e) {
            return Optional.of(FailureText.of(e));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
