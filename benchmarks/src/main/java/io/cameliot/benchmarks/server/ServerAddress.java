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

import java.nio.file.Path;

/**
 * The port of a server on loopback, and the directory of its clients' certificates.
 *
 * @param port TCP port, TLS
 * @param directory contains {@code ca.pem} and, for each identity, {@code <name>.cert.pem} and {@code <name>.key.pem}
 */
public record ServerAddress(int port, Path directory) {

    /** The name in the server's certificate. */
    public static final String HOST = "localhost";

    /** The name of the identity that exists for every case. */
    public static final String DEVICE = "device";

    public Path authority() {
        return directory.resolve("ca.pem");
    }

    public Path certificate(String identity) {
        return directory.resolve(identity + ".cert.pem");
    }

    public Path privateKey(String identity) {
        return directory.resolve(identity + ".key.pem");
    }

    /** The key of the enrollment group, if the server is an emulator of Azure DPS. */
    public Path groupKey() {
        return directory.resolve("group.key");
    }
}
