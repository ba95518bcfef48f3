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
package io.cameliot.common.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first bytes of an HTTP response's body, enough to say why a server refused. */
final class HttpBodyStart {

    private static final Logger LOG = LoggerFactory.getLogger(HttpBodyStart.class);
    private static final int MAX_CHUNK_SIZE_LINE = 100;

    private final HttpResponseHead head;
    private final int limit;

    HttpBodyStart(HttpResponseHead head, int limit) {
        this.head = head;
        this.limit = limit;
    }

    /** Reads what comes, up to the limit. A connection that breaks meanwhile ends the text, not the reading. */
    String read(InputStream in) {
        byte[] start = new byte[limit];
        int count = 0;
        try {
            int length = Math.min(limit, length(in));
            while (count < length) {
                int n = in.read(start, count, length - count);
                if (n < 0) {
                    break;
                }
                count += n;
            }
        } catch (IOException | NumberFormatException e) {
            LOG.debug("The body of the HTTP response {} is not complete", head.status(), e);
        }
        return new String(start, 0, count, StandardCharsets.UTF_8);
    }

    /** Of the body or, where it comes in chunks, of the first one (RFC 9112, section 7.1). */
    private int length(InputStream in) throws IOException {
        if (head.hasToken("Transfer-Encoding", "chunked")) {
            StringBuilder size = new StringBuilder();
            for (int b = in.read(); b != '\n' && b >= 0 && size.length() < MAX_CHUNK_SIZE_LINE; b = in.read()) {
                size.append((char) b);
            }
            return Integer.parseInt(size.toString().replaceFirst(";.*", "").strip(), 16);
        }
        String contentLength = head.header("Content-Length");
        return contentLength.isEmpty() ? limit : Integer.parseInt(contentLength);
    }
}
