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
package io.cameliot.benchmarks.client;

import io.cameliot.benchmarks.peer.Peer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The separate process of a peer, so that its CPU time and memory are the client's. Its parent sends lines:
 * {@value #START} with driver, peer and {@link Arguments}, then {@value #MEASURE} for each round, and a line as answer
 * to {@value #FEED}. The process ends each command with {@value #READY}, {@value #RESULT} or {@value #FAILED}. Another
 * {@value #START} ends the previous client.
 */
public final class ClientProcess {

    public static final String START = "start ";
    public static final String MEASURE = "measure";
    public static final String READY = "@ready";
    public static final String FEED = "@feed";
    public static final String RESULT = "@result ";
    public static final String FAILED = "@failed";

    private static final Logger LOG = LoggerFactory.getLogger(ClientProcess.class);

    private static final BufferedReader PARENT =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private static Session session;

    private ClientProcess() {}

    public static void main(String[] commandLine) throws IOException {
        String line = PARENT.readLine();
        while (line != null) {
            say(answer(line));
            line = PARENT.readLine();
        }
        // Do not wait for anything that a client has left running.
        Runtime.getRuntime().halt(0);
    }

    private static String answer(String line) {
        try {
            if (line.equals(MEASURE)) {
                return RESULT + session.measure().toLine();
            }
            end();
            start(line.substring(START.length()).split(" "));
            return READY;
        } catch (Exception e) {
            LOG.error("Failed at: {}", line, e);
            return FAILED;
        }
    }

    private static void start(String... words) throws Exception {
        Driver driver = Driver.valueOf(words[0]);
        Peer peer = Peer.valueOf(words[1]);
        session = driver.start(peer, Arguments.parse(Arrays.copyOfRange(words, 2, words.length)));
    }

    private static void end() throws Exception {
        if (session != null) {
            Session ended = session;
            session = null;
            ended.close();
        }
    }

    private static void say(String message) {
        System.out.println(message);
        System.out.flush();
    }

    /** Asks the parent to publish a batch and waits until it has done so. */
    static void awaitFeed() throws IOException {
        say(FEED);
        if (PARENT.readLine() == null) {
            throw new IOException("The parent is gone");
        }
    }
}
