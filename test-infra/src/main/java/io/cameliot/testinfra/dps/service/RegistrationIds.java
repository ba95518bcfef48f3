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
package io.cameliot.testinfra.dps.service;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The rules for registration ids: 1 to 128 letters, digits, {@code - . _ :}; the last character is a letter, a digit or
 * {@code -}; case-insensitive.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot-dps/concepts-service#registration-id">Registration id</a>
 */
public final class RegistrationIds {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:-]{0,127}[A-Za-z0-9-]");

    private RegistrationIds() {}

    /**
     * Returns whether DPS allows an id.
     *
     * @param registrationId the id
     * @return true if it is allowed
     */
    public static boolean isValid(String registrationId) {
        return VALID.matcher(registrationId).matches();
    }

    static void requireValid(String registrationId) {
        if (!isValid(registrationId)) {
            throw new IllegalArgumentException("Registration id '" + registrationId + "' is not allowed: 1 to 128"
                    + " letters, digits and - . _ : with a letter, a digit or - at the end");
        }
    }

    /** The normalized form of an id, for comparisons and map keys. */
    static String key(String registrationId) {
        return registrationId.toLowerCase(Locale.ROOT);
    }
}
