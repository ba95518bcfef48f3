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
package io.cameliot.awsiot;

import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.file.Path;

/**
 * The PEM files of a device, for a test's URIs.
 *
 * @param certificate path of the certificate chain
 * @param privateKey path of the key
 * @param authority path of the CA certificate that the device trusts the server by
 */
record DeviceFiles(Path certificate, Path privateKey, Path authority) {

    static DeviceFiles write(Path folder, IssuedCertificate device, TestCertificateAuthority serverAuthority) {
        IssuedCertificate.CertificateFiles files = device.writeTo(folder, "device");
        return new DeviceFiles(
                files.certificate(), files.privateKey(), serverAuthority.writeCertificate(folder.resolve("ca.pem")));
    }

    /** As URI options. */
    String options() {
        return "certificateFile=" + certificate + "&privateKeyFile=" + privateKey + "&caFile=" + authority;
    }
}
