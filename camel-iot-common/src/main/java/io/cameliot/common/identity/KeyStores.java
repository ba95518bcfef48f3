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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.UnrecoverableKeyException;

/** Reads key stores of type PKCS12 and JKS, whatever the JVM's providers are and in whichever order. */
final class KeyStores {

    private static final int JKS_MAGIC = 0xFEEDFEED;

    private KeyStores() {}

    /**
     * @throws IOException if the store cannot be read; its cause is an {@link UnrecoverableKeyException} if that is for the
     *     password
     */
    static KeyStore load(byte[] content, char[] password) throws GeneralSecurityException, IOException {
        if (isJks(content)) {
            return load("JKS", JdkProviders.of("KeyStore", "JKS"), content, password);
        }
        try {
            return load("PKCS12", JdkProviders.of("KeyStore", "PKCS12"), content, password);
        } catch (IOException e) {
            // The JDK's key store takes its ciphers of the first provider, and takes a password for wrong where that is
            // Bouncy Castle, which derives keys otherwise. Bouncy Castle's own takes them of itself.
            try {
                return load("PKCS12", PemReader.BOUNCY_CASTLE, content, password);
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private static KeyStore load(String type, Provider provider, byte[] content, char[] password)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(type, provider);
        store.load(new ByteArrayInputStream(content), password);
        return store;
    }

    private static boolean isJks(byte[] content) {
        return content.length >= Integer.BYTES && ByteBuffer.wrap(content).getInt() == JKS_MAGIC;
    }
}
