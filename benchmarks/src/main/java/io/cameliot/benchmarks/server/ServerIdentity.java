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

import io.cameliot.testinfra.pki.IssuedCertificate;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** The certificates and the key that a server process reads from the directory of the run. */
record ServerIdentity(IssuedCertificate server, X509Certificate authority) {

    static ServerIdentity read(Path directory) {
        ServerAddress files = new ServerAddress(0, directory);
        return new ServerIdentity(
                new IssuedCertificate(
                        PemFiles.privateKey(files.privateKey(Identities.SERVER)),
                        List.of(PemFiles.certificate(files.certificate(Identities.SERVER)))),
                PemFiles.certificate(files.authority()));
    }
}
