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

import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM text, from its BEGIN to its END.
 *
 * @param label what it holds, such as {@code CERTIFICATE}
 * @param line number of the line with its BEGIN, from 1
 * @param headers the lines of RFC 1421 that an encrypted key of OpenSSL's own form has
 * @param content what the base64 text means
 */
record PemBlock(String label, int line, List<String> headers, byte[] content) {

    /** The block as RFC 7468 writes it. */
    String text() {
        StringBuilder text = new StringBuilder("-----BEGIN ").append(label).append("-----\n");
        headers.forEach(header -> text.append(header).append('\n'));
        if (!headers.isEmpty()) {
            text.append('\n');
        }
        return text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content))
                .append("\n-----END ")
                .append(label)
                .append("-----\n")
                .toString();
    }

    /** Which block and where, for messages. */
    @Override
    public String toString() {
        return label + " (line " + line + ")";
    }
}
