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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A headless Chromium with one tab, driven by the Chrome DevTools protocol. It belongs to the tests of the page, here and
 * in examples/device-services.
 */
public final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final int TIMEOUT_SECONDS = 30;
    private static final int START_TIMEOUT_SECONDS = 100;
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell");

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private String session = "";

    private Browser(Process process, URI devTools) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(devTools, new Answers())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Whether this machine has a browser. */
    public static boolean isInstalled() {
        return executable().isPresent();
    }

    private static Optional<Path> executable() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts the browser with an empty profile.
     *
     * @param profile an empty folder
     */
    public static Browser start(Path profile) throws IOException {
        Process process = new ProcessBuilder(
                        executable().orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox", // the tests may run as root, where the sandbox does not start
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Browser browser = new Browser(process, devTools(process));
            String target = browser.call("Target.createTarget", Map.of("url", "about:blank"))
                    .path("targetId")
                    .asText();
            browser.session = browser.call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .path("sessionId")
                    .asText();
            browser.call("Page.enable", Map.of());
            return browser;
        } catch (RuntimeException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw e;
        }
    }

    /** Waits for the address of the DevTools, and goes on reading, so that the browser can go on writing. */
    private static URI devTools(Process process) {
        CompletableFuture<URI> found = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    process.errorReader(StandardCharsets.UTF_8).lines().forEach(line -> {
                        Matcher matcher = LISTENING.matcher(line);
                        if (matcher.find()) {
                            found.complete(URI.create(matcher.group(1)));
                        }
                    });
                    found.completeExceptionally(new IOException("The browser has ended"));
                },
                "browser-errors");
        reader.setDaemon(true);
        reader.start();
        return found.orTimeout(START_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    }

    public void open(String url) {
        call("Page.navigate", Map.of("url", url));
    }

    /** Evaluates an expression in the page; a promise is awaited. */
    public JsonNode evaluate(String expression) {
        JsonNode result =
                call("Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Returns the visible text of an element; empty while there is none. */
    public String text(String selector) {
        return evaluate("document.querySelector('" + selector + "')?.innerText ?? ''")
                .asText();
    }

    public void click(String selector) {
        evaluate("document.querySelector('" + selector + "').click()");
    }

    public void type(String selector, String text) {
        evaluate("(() => { const field = document.querySelector('" + selector + "'); field.value = "
                + JSON.valueToTree(text) + "; field.dispatchEvent(new Event('input', {bubbles: true})); })()");
    }

    public void press(String key, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            call("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "windowsVirtualKeyCode", code));
        }
    }

    /** Sets the size of the window and whether the user prefers dark. */
    public void look(int width, int height, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Writes what is visible as PNG. */
    public void screenshot(Path file) throws IOException {
        String png = call("Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asText();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
        request.set("params", JSON.valueToTree(parameters));
        if (!session.isEmpty()) {
            request.put("sessionId", session);
        }
        socket.sendText(request.toString(), true)
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join();
        JsonNode result = answer.orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        if (result.has("error")) {
            throw new IllegalStateException(method + ": " + result.path("error"));
        }
        return result.path("result");
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        session = "";
        call("Browser.close", Map.of());
        socket.abort();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        children.forEach(child -> {
            child.destroyForcibly();
            child.onExit()
                    .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(late -> null)
                    .join();
        });
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                complete(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void complete(String text) {
            try {
                JsonNode json = JSON.readTree(text);
                CompletableFuture<JsonNode> answer =
                        answers.remove(json.path("id").asInt(-1));
                if (answer != null) {
                    answer.complete(json);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
