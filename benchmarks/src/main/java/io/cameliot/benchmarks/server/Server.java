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
import java.util.Optional;

/** A server of a run, in a separate process. */
public interface Server extends AutoCloseable {

    /**
     * Starts the broker for all MQTT clients: mosquitto if it is installed, otherwise ActiveMQ Artemis.
     *
     * @param directory the directory with the files of {@link Identities#write}
     * @param embedded always starts Artemis
     */
    static Server broker(Path directory, boolean embedded) throws IOException, InterruptedException {
        Optional<Path> mosquitto = embedded ? Optional.empty() : Mosquitto.program();
        return mosquitto.isPresent()
                ? Mosquitto.start(mosquitto.get(), directory)
                : JavaServer.start(ArtemisProcess.class, "ActiveMQ Artemis", directory);
    }

    ServerAddress address();

    /** Its name and version, for the reader of the results. */
    String name();

    /** The bytes on the wire until now; empty if this server does not count them. */
    default Optional<Traffic> traffic() throws IOException, InterruptedException {
        return Optional.empty();
    }

    @Override
    void close() throws InterruptedException;
}
