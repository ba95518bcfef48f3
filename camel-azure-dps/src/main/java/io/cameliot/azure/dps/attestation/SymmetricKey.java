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
package io.cameliot.azure.dps.attestation;

import io.cameliot.common.identity.JdkProviders;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A shared access key of an enrollment: base64 text of 16 to 64 bytes ("Symmetric key attestation" in the DPS
 * documentation). {@link #toString()} does not contain the key.
 */
public final class SymmetricKey {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_BYTES = 16;
    private static final int MAX_BYTES = 64;

    private final byte[] bytes;

    private SymmetricKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses a key.
     *
     * @param option the option that contains it, for the error message
     * @throws IllegalArgumentException if the text is not base64 of 16 to 64 bytes; the message does not contain the
     *     text
     */
    public static SymmetricKey parse(String option, String base64) {
        byte[] bytes = decode(base64);
        if (bytes == null) {
            bytes = decode(base64.strip());
        }
        if (bytes == null) {
            throw new IllegalArgumentException("Option " + option + " is not base64 text ("
                    + base64.strip().length()
                    + " characters, value not shown). Copy the whole key from the enrollment.");
        }
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("Option " + option + " holds a key of " + bytes.length
                    + " bytes (value not shown), allowed are " + MIN_BYTES + " to " + MAX_BYTES
                    + ". Copy the whole key from the enrollment.");
        }
        return new SymmetricKey(bytes);
    }

    /**
     * Decodes base64 text in which spaces stand for '+'. A '+' of a URI arrives as a space, also at the ends of the
     * text; base64 itself contains no spaces.
     *
     * @return the key; null if the text is not base64
     */
    private static byte[] decode(String text) {
        if (text.length() % 4 != 0) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text.replace(' ', '+'));
        } catch (IllegalArgumentException e) {
            // The exception does not become a cause, because its message quotes characters of the key.
            return null;
        }
    }

    /** Derives the key of one device from this key of an enrollment group: HMAC-SHA256 over the registration id. */
    public SymmetricKey derive(String registrationId) {
        return new SymmetricKey(hmac(registrationId));
    }

    /** Returns the base64 text of HMAC-SHA256 over {@code text}. */
    public String sign(String text) {
        return Base64.getEncoder().encodeToString(hmac(text));
    }

    private byte[] hmac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM, JdkProviders.of("Mac", ALGORITHM));
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "SymmetricKey[" + bytes.length + " bytes]";
    }
}
