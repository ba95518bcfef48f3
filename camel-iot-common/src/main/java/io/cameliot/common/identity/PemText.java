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

/**
 * Finds the blocks of a PEM text (RFC 7468). Text beside the blocks is left out, as OpenSSL does with its "Bag
 * Attributes"; lines may be indented, and end in any way. A block that begins is read to its end, or the whole text is
 * refused, because half a chain of certificates looks like another one.
 */
final class PemText {

    private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END) ([A-Z0-9]+(?:[ ._/+-][A-Z0-9]+)*)-----");

    /** What was meant to be a boundary: too few dashes, other dashes, small letters, or beside other text. */
    private static final Pattern ALMOST_BOUNDARY = Pattern.compile(
            "(?:[\\p{Pd}\u2212]{2,}\\s*|[\u2013\u2014])(?:BEGIN|END)\\s+(?:[A-Z0-9.]+\\s+){0,3}"
                    + "(?:CERTIFICATE|KEY|PARAMETERS|PKCS|CMS|CRL)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]*:.*");
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final List<PemBlock> blocks = new ArrayList<>();
    private String label; // of the block that has begun, else null
    private int begin;
    private List<String> headers;
    private StringBuilder body;
    private boolean inHeaders;

    private PemText() {}

    /**
     * The blocks in their order.
     *
     * @return empty if no block begins in the text
     * @throws IllegalArgumentException says what the content is instead of PEM, or which line cannot be read; the
     *     message holds nothing of a block
     */
    static List<PemBlock> blocks(byte[] content) {
        PemContent.requireText(content);
        PemText text = new PemText();
        String[] lines = LINE_END.split(new String(content, StandardCharsets.UTF_8), -1);
        for (int i = 0; i < lines.length; i++) {
            // Each file begins with the mark, also where several were put together.
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
        if (inHeaders && (HEADER.matcher(line).matches() || folded)) {
            headers.add(line);
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
        blocks.add(new PemBlock(label, begin, List.copyOf(headers), decoded()));
        label = null;
    }

    private byte[] decoded() {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(WHITE_SPACE.matcher(body).replaceAll(""));
        } catch (IllegalArgumentException e) {
            // Not kept as a cause: its message quotes the text, which can be a private key.
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
}
