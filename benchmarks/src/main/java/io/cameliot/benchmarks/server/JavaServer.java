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
package io.cameliot.benchmarks.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server of this module in a process of its own. */
public final class JavaServer implements Broker {

    private static final String LISTENING = "@listening ";
    private static final long START_SECONDS = 30;

    private final ChildProcess process;
    private final ServerAddress address;
    private final String name;

    private JavaServer(ChildProcess process, ServerAddress address, String name) {
        this.process = process;
        this.address = address;
        this.name = name;
    }

    /**
     * @param main calls {@link #listening}
     * @param directory what {@link Identities#write} wrote
     */
    public static JavaServer start(Class<?> main, String name, Path directory)
            throws IOException, InterruptedException {
        ChildProcess process = ChildProcess.java(List.of("-Xmx1g"), main, List.of(directory.toString()));
        String message = process.awaitMessage(START_SECONDS);
        int port = Integer.parseInt(message.substring(LISTENING.length()));
        return new JavaServer(process, new ServerAddress(port, directory), name);
    }

    /** Tells the parent the port, and waits for its end. */
    static void listening(int port) throws IOException {
        System.out.println(LISTENING + port);
        System.out.flush();
        while (System.in.read() >= 0) {
            // The parent has nothing to say.
        }
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
