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

import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.file.Path;

/** The certificates of a run: an authority, the servers' certificate and one for each device. */
public final class Identities {

    static final String SERVER = "server";

    private Identities() {}

    /**
     * Writes {@code ca.pem} and the certificates and keys of the server, of {@value ServerAddress#DEVICE}, and of
     * {@code device-0} and so on.
     */
    static void write(Path directory, int devices) {
        TestCertificateAuthority authority = TestCertificateAuthority.create("Benchmark CA");
        authority.writeCertificate(directory.resolve("ca.pem"));
        authority.issueServer(ServerAddress.HOST, "127.0.0.1").writeTo(directory, SERVER);
        authority.issueDevice(ServerAddress.DEVICE).writeTo(directory, ServerAddress.DEVICE);
        for (int i = 0; i < devices; i++) {
            authority.issueDevice(device(i)).writeTo(directory, device(i));
        }
    }

    /** The name of a device. */
    public static String device(int number) {
        return "device-" + number;
    }
}
