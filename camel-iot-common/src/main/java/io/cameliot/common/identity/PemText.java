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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * Finds the blocks of a PEM text (RFC 7468). Text outside the blocks is ignored, as OpenSSL does with its "Bag
 * Attributes". Lines may be indented and have any line end. If a block has no end, the whole text is refused, because
 * half of a certificate chain looks like another chain.
 */
final class PemText {

    private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END) ([A-Z0-9]+(?:[ ._/+-][A-Z0-9]+)*)-----");

    /** A damaged boundary: too few or other dashes, lower case letters, or other text in the same line. */
    private static final Pattern ALMOST_BOUNDARY = Pattern.compile(
            "(?:[\\p{Pd}\u2212]{2,}\\s*|[\u2013\u2014])(?:BEGIN|END)\\s+(?:[A-Z0-9.]+\\s+){0,3}"
                    + "(?:CERTIFICATE|KEY|PARAMETERS|PKCS|CMS|CRL)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]*:.*");
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final int DER_SEQUENCE = 0x30;

    private final List<Block> blocks = new ArrayList<>();
    private String label; // of the current block; null outside a block
    private int begin;
    private List<String> headers;
    private StringBuilder body;
    private boolean inHeaders;

    /**
     * One block from its BEGIN to its END.
     *
     * @param content its label, its RFC 1421 headers (OpenSSL's own format of encrypted keys has some) and the decoded
     *     base64 text
     * @param line number of the BEGIN line, from 1
     */
    record Block(PemObject content, int line) {

        /** The type of the content, such as {@code CERTIFICATE}. */
        String label() {
            return content.getType();
        }

        /** The label and the line, for messages. */
        @Override
        public String toString() {
            return label() + " (line " + line + ")";
        }
    }

    private PemText() {}

    /**
     * Returns the blocks in their order.
     *
     * @return empty if the text has no block
     * @throws IllegalArgumentException names the format of a content that is not PEM, or the line that cannot be read;
     *     the message contains nothing of a block
     */
    static List<Block> blocks(byte[] content) {
        requireText(content);
        PemText text = new PemText();
        String[] lines = LINE_END.split(new String(content, StandardCharsets.UTF_8), -1);
        for (int i = 0; i < lines.length; i++) {
            // In a concatenation of files every file can begin with a byte order mark.
            text.line(i + 1, lines[i].replace(BYTE_ORDER_MARK, "").strip());
        }
        if (text.label != null) {
            throw new IllegalArgumentException(
                    "the block " + text.begun() + " does not end: the file is cut off, write it again");
        }
        return text.blocks;
    }

    private void line(int number, String line) {
        Matcher boundary = BOUNDARY.matcher(line);
        if (!boundary.matches()) {
            if (ALMOST_BOUNDARY.matcher(line).find()) {
                throw new IllegalArgumentException("line " + number + " holds a BEGIN or END of PEM that cannot be read"
                        + " as such: it must stand in a line of its own, as in -----BEGIN CERTIFICATE-----");
            }
            if (label != null) {
                inBlock(line);
            }
        } else if (boundary.group(1).equals("BEGIN")) {
            begin(number, boundary.group(2));
        } else {
            end(number, boundary.group(2));
        }
    }

    private void begin(int number, String name) {
        if (label != null) {
            throw new IllegalArgumentException(
                    "the block " + begun() + " does not end before " + name + " begins in line " + number);
        }
        label = name;
        begin = number;
        headers = new ArrayList<>();
        body = new StringBuilder();
        inHeaders = true;
    }

    private void inBlock(String line) {
        boolean folded = inHeaders && !headers.isEmpty() && !line.isEmpty();
        if (inHeaders && HEADER.matcher(line).matches()) {
            headers.add(line);
        } else if (folded) {
            headers.set(headers.size() - 1, headers.get(headers.size() - 1) + line);
        } else {
            inHeaders = inHeaders && headers.isEmpty() && line.isEmpty();
            body.append(line);
        }
    }

    private void end(int number, String name) {
        if (label == null) {
            throw new IllegalArgumentException("line " + number + " ends a block " + name + " that has not begun");
        }
        if (!label.equals(name)) {
            throw new IllegalArgumentException("the block " + begun() + " ends as " + name + " in line " + number);
        }
        List<PemHeader> named = headers.stream()
                .map(header -> header.split(":", 2))
                .map(header -> new PemHeader(header[0], header[1].strip()))
                .toList();
        blocks.add(new Block(new PemObject(label, named, decoded()), begin));
        label = null;
    }

    private byte[] decoded() {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(WHITE_SPACE.matcher(body).replaceAll(""));
        } catch (IllegalArgumentException e) {
            // The exception is not kept as a cause: its message quotes the text, which can be a private key.
            throw new IllegalArgumentException("the block " + begun() + " holds something else than base64");
        }
        if (bytes.length == 0) {
            throw new IllegalArgumentException("the block " + begun() + " is empty");
        }
        return bytes;
    }

    private String begun() {
        return label + " of line " + begin;
    }

    /**
     * Checks that the content is text.
     *
     * @throws IllegalArgumentException names the format of the content and tells how to convert it to PEM
     */
    private static void requireText(byte[] content) {
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
        if (content[0] == DER_SEQUENCE) {
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
            return; // not DER: a comment may begin with the digit 0
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

    /** Whether the content looks like ASCII text in UTF-16 or UTF-32 without a byte order mark. */
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
