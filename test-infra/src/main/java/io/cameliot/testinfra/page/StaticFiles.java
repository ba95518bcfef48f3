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
package io.cameliot.testinfra.page;

import io.cameliot.testinfra.net.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the page. They hold no data, so they need no token. */
final class StaticFiles {
    private static final List<String> NAMES = List.of(
            "index.html",
            "page.css",
            "page.js",
            "api.js",
            "dom.js",
            "connections.js",
            "messages.js",
            "refusals.js",
            "things.js",
            "devices.js",
            "faults.js");

    private final Map<String, HttpReply> replies = new HashMap<>();

    StaticFiles() {
        NAMES.forEach(name -> replies.put("/" + name, read(name)));
        replies.put("/", replies.get("/index.html"));
    }

    Optional<HttpReply> get(String path) {
        return Optional.ofNullable(replies.get(path));
    }

    private static HttpReply read(String name) {
        try (InputStream file = StaticFiles.class.getResourceAsStream(name)) {
            Map<String, String> headers = new HashMap<>(PageGuard.HEADERS);
            headers.put("Content-Type", typeOf(name) + "; charset=utf-8");
            return new HttpReply(200, headers, new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeOf(String name) {
        return switch (name.substring(name.lastIndexOf('.'))) {
            case ".html" -> "text/html";
            case ".css" -> "text/css";
            default -> "text/javascript";
        };
    }
}
