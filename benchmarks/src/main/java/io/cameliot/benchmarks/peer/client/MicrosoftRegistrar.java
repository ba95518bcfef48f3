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
package io.cameliot.benchmarks.peer.client;

import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClient;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientRegistrationResult;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientStatus;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderSymmetricKey;
import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.peer.api.Registrar;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/**
 * Microsoft's provisioning client. One object registers one device, once. A URL format contains its fixed port
 * ({@code ssl://%s:8883}); an endpoint that ends with {@code ?x=} turns that port into a query.
 */
public final class MicrosoftRegistrar implements Registrar {

    private static final int PATIENCE_MILLIS = 120_000;

    private final String endpoint;
    private final String idScope;
    private final byte[] groupKey;
    private final SSLContext tls;

    public MicrosoftRegistrar(ServerAddress server, String idScope, String groupKey) {
        endpoint = ServerAddress.HOST + ":" + server.port() + "?x=";
        this.idScope = idScope;
        this.groupKey = groupKey.getBytes(StandardCharsets.UTF_8);
        // The version of Microsoft's own context.
        tls = PemIdentity.trustOnly(server, "TLSv1.2");
    }

    @Override
    public void register(String registrationId, Completion completion) {
        try {
            byte[] deviceKey = SecurityProviderSymmetricKey.ComputeDerivedSymmetricKey(groupKey, registrationId);
            ProvisioningDeviceClient client = ProvisioningDeviceClient.create(
                    endpoint,
                    idScope,
                    ProvisioningDeviceClientTransportProtocol.MQTT,
                    new Key(deviceKey, registrationId));
            ProvisioningDeviceClientRegistrationResult result;
            try {
                result = client.registerDeviceSync(PATIENCE_MILLIS);
            } finally {
                client.close();
            }
            requireAssigned(result);
            completion.done(null);
        } catch (Exception e) {
            completion.done(e);
        }
    }

    private static void requireAssigned(ProvisioningDeviceClientRegistrationResult result) throws IOException {
        ProvisioningDeviceClientStatus status = result.getProvisioningDeviceClientStatus();
        if (status != ProvisioningDeviceClientStatus.PROVISIONING_DEVICE_STATUS_ASSIGNED) {
            throw new IOException("The device is " + status);
        }
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    @Override
    public void close() {
        // Each registration has closed its client.
    }

    private final class Key extends SecurityProviderSymmetricKey {

        Key(byte[] key, String registrationId) {
            super(key, registrationId);
        }

        @Override
        public SSLContext getSSLContext() {
            return tls;
        }
    }
}
