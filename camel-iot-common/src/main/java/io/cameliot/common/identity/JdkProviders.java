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

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Set;

/**
 * Finds the JDK's own implementation of an algorithm, wherever in the list of providers it stands. An application may
 * put others first, Bouncy Castle for one, whose key stores, certificates and TLS differ from the JDK's. What a user
 * wants of another provider comes by {@code sslContextParameters}.
 */
public final class JdkProviders {

    /** The modules of SUN, SunRsaSign, SunJSSE, SunJCE and SunEC. PKCS#11 tokens are none of them. */
    private static final Set<String> MODULES = Set.of("java.base", "jdk.crypto.ec");

    private JdkProviders() {}

    /**
     * The provider to give to a {@code getInstance} method.
     *
     * @param type kind of service, such as {@code KeyStore}
     * @param algorithm name or object identifier
     * @return where the JDK has no such algorithm, the first provider that has it
     * @throws NoSuchAlgorithmException if there is none
     */
    public static Provider of(String type, String algorithm) throws NoSuchAlgorithmException {
        Provider other = null;
        for (Provider provider : Security.getProviders()) {
            if (provider.getService(type, algorithm) == null) {
                continue;
            }
            if (isOfTheJdk(provider)) {
                return provider;
            }
            other = other == null ? provider : other;
        }
        if (other == null) {
            throw new NoSuchAlgorithmException("This Java platform has no " + type + " of " + algorithm + "; it has "
                    + Arrays.toString(Security.getProviders()));
        }
        return other;
    }

    private static boolean isOfTheJdk(Provider provider) {
        String module = provider.getClass().getModule().getName();
        return module != null && MODULES.contains(module);
    }
}
