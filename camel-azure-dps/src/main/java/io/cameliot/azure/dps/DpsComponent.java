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
package io.cameliot.azure.dps;

import io.cameliot.common.camel.DeviceEndpoint;
import io.cameliot.common.provisioning.MeteredDevices;
import io.cameliot.common.provisioning.ProvisioningComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;

/** The azure-dps component: {@code azure-dps:idScope/registrationId}. */
@Component(DpsComponent.SCHEME)
public class DpsComponent extends ProvisioningComponent {

    static final String SCHEME = "azure-dps";

    @Metadata(description = "Options for all endpoints, where an endpoint does not set its own.")
    private DpsConfiguration configuration = new DpsConfiguration();

    public DpsComponent() {
        this(null);
    }

    public DpsComponent(CamelContext context) {
        super(context, SCHEME, "AzureDps", new MeteredDevices("registrations", "assigned"));
    }

    @Override
    protected DeviceEndpoint newEndpoint(String uri, String shownUri, String remaining) {
        DpsEndpoint endpoint = new DpsEndpoint(uri, shownUri, this, configuration.copy());
        int slash = remaining.indexOf('/');
        endpoint.setIdScope(slash < 0 ? remaining : remaining.substring(0, slash));
        endpoint.setRegistrationId(
                slash < 0 || slash == remaining.length() - 1 ? null : remaining.substring(slash + 1));
        return endpoint;
    }

    @Override
    public DpsConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DpsConfiguration configuration) {
        this.configuration = configuration;
    }
}
