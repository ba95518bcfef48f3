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
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A symmetric key of an enrollment or of a device: 16 to 64 bytes, written as base64. {@code toString} shows only its
 * length; only {@link #base64()} returns its text.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot-dps/concepts-symmetric-key-attestation">Symmetric key
 *     attestation</a>
 */
public final class EnrollmentKey {

    private static final String HMAC_SHA256 = "HmacSHA256";
    private static final int MIN_BYTES = 16;
    private static final int MAX_BYTES = 64;

    private final byte[] bytes;

    private EnrollmentKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses a key.
     *
     * @param base64 the key as the portal shows it
     * @return the key
     * @throws IllegalArgumentException if the text is not base64 or not 16 to 64 bytes; the message does not contain
     *     the text
     */
    public static EnrollmentKey of(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // The decoder's exception is not kept: its message may quote a character of the key.
            throw new IllegalArgumentException("The symmetric key is not base64");
        }
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "The symmetric key has " + bytes.length + " bytes, allowed are " + MIN_BYTES + " to " + MAX_BYTES);
        }
        return new EnrollmentKey(bytes);
    }

    /**
     * Creates a random key of 64 bytes, the length that the service generates.
     *
     * @return the key
     */
    public static EnrollmentKey random() {
        byte[] bytes = new byte[MAX_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new EnrollmentKey(bytes);
    }

    /**
     * Derives the key of one device from this key of an enrollment group: HMAC-SHA256 over the registration id.
     *
     * @param registrationId the registration id, case-sensitive
     * @return the device's key
     */
    public EnrollmentKey deriveDeviceKey(String registrationId) {
        return new EnrollmentKey(hmacSha256(registrationId));
    }

    /**
     * Signs a text with HMAC-SHA256.
     *
     * @param text the text, signed as UTF-8
     * @return the 32 bytes of the signature
     */
    public byte[] hmacSha256(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC_SHA256);
            mac.init(new SecretKeySpec(bytes, HMAC_SHA256));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    /**
     * Returns the key's text, which is a secret.
     *
     * @return the key as base64
     */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnrollmentKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "EnrollmentKey[" + bytes.length + " bytes]";
    }
}
