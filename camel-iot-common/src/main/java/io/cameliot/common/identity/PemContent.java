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

import java.nio.charset.StandardCharsets;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;

/** Tells what a file holds that was to hold PEM, where that can be told. */
final class PemContent {

    private static final int SEQUENCE = 0x30;

    private PemContent() {}

    /**
     * @throws IllegalArgumentException says what the content is, and how to make PEM of it
     */
    static void requireText(byte[] content) {
        if (content.length == 0) {
            throw new IllegalArgumentException("it is empty, and no PEM");
        }
        if (startsWith(content, 0xFE, 0xFF) || startsWith(content, 0xFF, 0xFE) || hasEverySecondByteZero(content)) {
            throw new IllegalArgumentException("it is UTF-16 (or UTF-32) text: save the PEM file as ASCII or UTF-8");
        }
        if (startsWith(content, 0xFE, 0xED, 0xFE, 0xED) || startsWith(content, 0xCE, 0xCE, 0xCE, 0xCE)) {
            throw new IllegalArgumentException("it is a JKS or JCEKS key store, not PEM: for a client certificate use"
                    + " option keyStoreFile, or export it as PEM");
        }
        if (content[0] == SEQUENCE) {
            requireNotDer(content);
        }
        String start = new String(content, 0, Math.min(content.length, 512), StandardCharsets.UTF_8)
                .replace("\uFEFF", "")
                .strip();
        if (start.startsWith("<")) {
            throw new IllegalArgumentException(
                    "it holds HTML or XML, not PEM: it can be the page of a proxy or of a login, so get the file again");
        }
    }

    private static void requireNotDer(byte[] content) {
        ASN1Primitive value;
        try {
            value = ASN1Primitive.fromByteArray(content);
        } catch (Exception e) {
            return; // no DER, as the digit 0 of a comment
        }
        boolean store = value instanceof ASN1Sequence sequence
                && sequence.size() > 0
                && sequence.getObjectAt(0) instanceof ASN1Integer version
                && version.hasValue(3);
        throw new IllegalArgumentException(
                store
                        ? "it is a PKCS12 key store, not PEM: for a client certificate use option keyStoreFile, or"
                                + " export it as PEM (openssl pkcs12)"
                        : "it is DER (binary), not PEM: convert it (openssl x509 or openssl pkey, with -inform DER)");
    }

    /** As ASCII is in UTF-16 and UTF-32 without a byte order mark. */
    private static boolean hasEverySecondByteZero(byte[] content) {
        return content.length >= 4 && (content[0] == 0 || content[1] == 0) && (content[2] == 0 || content[3] == 0);
    }

    private static boolean startsWith(byte[] content, int... bytes) {
        if (content.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((content[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
