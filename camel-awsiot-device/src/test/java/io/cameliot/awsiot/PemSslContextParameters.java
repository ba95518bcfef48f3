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

import io.cameliot.common.identity.SharedTrust;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.identity.TlsContextFactory;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;

/** A user's own {@link SSLContextParameters}, whose keys come from somewhere that the component does not know. */
final class PemSslContextParameters extends SSLContextParameters {

    private final TlsConfiguration files = new TlsConfiguration();

    PemSslContextParameters(DeviceFiles device) {
        files.setCertificateFile(device.certificate().toString());
        files.setPrivateKeyFile(device.privateKey().toString());
        files.setCaFile(device.authority().toString());
    }

    @Override
    public SSLContext createSSLContext(CamelContext camelContext) {
        return new TlsContextFactory(camelContext, files, new SharedTrust()).create();
    }
}
