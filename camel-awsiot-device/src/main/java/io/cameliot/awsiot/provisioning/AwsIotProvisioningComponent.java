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
package io.cameliot.awsiot.provisioning;

import io.cameliot.common.camel.DeviceEndpoint;
import io.cameliot.common.provisioning.MeteredDevices;
import io.cameliot.common.provisioning.ProvisioningComponent;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;

/** The component {@code awsiot-provisioning:template}. */
@Component(AwsIotProvisioningComponent.SCHEME)
public class AwsIotProvisioningComponent extends ProvisioningComponent {

    static final String SCHEME = "awsiot-provisioning";

    @Metadata(description = "The options that endpoints start from.")
    private AwsIotProvisioningConfiguration configuration = new AwsIotProvisioningConfiguration();

    public AwsIotProvisioningComponent() {
        this(null);
    }

    public AwsIotProvisioningComponent(CamelContext context) {
        super(context, SCHEME, "AwsIotProvisioning", new MeteredDevices("devices", "provisioned"));
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> options) throws Exception {
        gather(options, AwsIotProvisioningConfiguration.PARAMETER, "parameters", configuration.getParameters());
        return super.createEndpoint(uri, remaining, options);
    }

    @Override
    protected DeviceEndpoint newEndpoint(String uri, String shownUri, String remaining) {
        return new AwsIotProvisioningEndpoint(uri, shownUri, this, remaining, configuration.copy());
    }

    @Override
    public AwsIotProvisioningConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(AwsIotProvisioningConfiguration configuration) {
        this.configuration = configuration;
    }
}
