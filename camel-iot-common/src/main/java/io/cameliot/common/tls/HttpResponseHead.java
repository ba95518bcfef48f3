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

import io.cameliot.common.text.ForeignText;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Status line and headers of an HTTP/1.1 response (RFC 9112).
 *
 * @param status the status code
 * @param reason the reason phrase, may be empty
 * @param headers by name in any case
 */
record HttpResponseHead(int status, String reason, Map<String, List<String>> headers) {

    private static final int MAX_BYTES = 16 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d (\\d{3})(?: (.*))?");

    /**
     * Reads up to the end of the head and no byte further.
     *
     * @throws EOFException if the connection ends before
     * @throws ProtocolException if the peer speaks no HTTP, or without end
     */
    static HttpResponseHead read(InputStream in) throws IOException {
        String statusLine = line(in, MAX_BYTES);
        Matcher matcher = STATUS_LINE.matcher(statusLine);
        if (!matcher.matches()) {
            throw new ProtocolException("No HTTP/1.1 status line");
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        int left = MAX_BYTES - statusLine.length();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            left -= line.length();
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
        }
        String reason = matcher.group(2) == null ? "" : matcher.group(2).strip();
        return new HttpResponseHead(Integer.parseInt(matcher.group(1)), reason, Collections.unmodifiableMap(headers));
    }

    private static String line(InputStream in, int limit) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The connection ended before the HTTP response did");
            }
            if (line.size() == limit) {
                throw new ProtocolException("The HTTP response has no end");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** The first value of a header, or an empty string. */
    String header(String name) {
        List<String> values = headers.get(name);
        return values == null ? "" : values.get(0);
    }

    /** Whether one of the comma-separated values of a header is this token, in any case. */
    boolean hasToken(String name, String token) {
        return headers.getOrDefault(name, List.of()).stream()
                .flatMap(value -> Pattern.compile(",").splitAsStream(value))
                .anyMatch(value -> value.strip().equalsIgnoreCase(token));
    }

    /** Status code and reason phrase, fit for messages. */
    String statusText() {
        return (status + " " + ForeignText.shown(reason)).strip();
    }
}
