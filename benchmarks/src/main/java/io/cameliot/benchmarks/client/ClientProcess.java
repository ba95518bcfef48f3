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
import java.io.IOException;
import java.util.Arrays;

/**
 * The process that a measurement has for itself, so that its CPU time and memory are the client's. It talks to its parent
 * by lines: {@value #READY} when it wants the parent to act, which answers with a line, and {@value #RESULT} at the end.
 */
public final class ClientProcess {

    public static final String READY = "@ready";
    public static final String RESULT = "@result ";

    private ClientProcess() {}

    /** @param commandLine driver, peer and {@link Arguments} */
    public static void main(String[] commandLine) {
        Driver driver = Driver.valueOf(commandLine[0]);
        Peer peer = Peer.valueOf(commandLine[1]);
        Arguments arguments = Arguments.parse(Arrays.copyOfRange(commandLine, 2, commandLine.length));
        int status = 0;
        try {
            System.out.println(RESULT + driver.run(peer, arguments).toLine());
        } catch (Exception e) {
            e.printStackTrace(System.out);
            status = 1;
        }
        System.out.flush();
        // What a client leaves running is not this measurement's business.
        Runtime.getRuntime().halt(status);
    }

    /** Has the parent act, and waits until it did. */
    static void awaitParent() throws IOException {
        System.out.println(READY);
        System.out.flush();
        if (System.in.read() < 0) {
            throw new IOException("The parent is gone");
        }
    }
}
