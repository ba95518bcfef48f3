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
 * Finds the JDK's own implementation of an algorithm at any position in the list of providers. An application may put
 * others first, such as Bouncy Castle, whose key stores, certificates and TLS behave differently. A user who needs
 * another provider sets {@code sslContextParameters}.
 */
public final class JdkProviders {

    /** The modules of SUN, SunRsaSign, SunJSSE, SunJCE and SunEC, without PKCS#11 tokens. */
    private static final Set<String> MODULES = Set.of("java.base", "jdk.crypto.ec");

    private JdkProviders() {}

    /**
     * Returns the provider to pass to a {@code getInstance} method.
     *
     * @param type type of service, such as {@code KeyStore}
     * @param algorithm name or object identifier
     * @return the JDK's provider, or the first other one that has the algorithm if the JDK has none
     * @throws NoSuchAlgorithmException if no provider has the algorithm
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
