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
package io.cameliot.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.cameliot.awsiot.AwsIotDeviceComponent;
import io.cameliot.awsiot.AwsIotDeviceEndpoint;
import io.cameliot.awsiot.provisioning.AwsIotProvisioningComponent;
import io.cameliot.awsiot.provisioning.AwsIotProvisioningEndpoint;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Options that are maps, as properties of a component, and in URIs beside those. */
class MapOptionsTest {

    private static final String WILL = "camel.component.awsiot-device.";
    private static final String PROVISIONING = "camel.component.awsiot-provisioning.";

    private final CamelContext camel = new DefaultCamelContext();
    private final SimpleMain main = new SimpleMain(camel);

    @AfterEach
    void stopMain() {
        main.stop();
    }

    @Test
    void takeEachEntryAsAProperty() throws Exception {
        main.addInitialProperty(WILL + "willUserProperties.site", "north");
        main.addInitialProperty(WILL + "will-user-properties.line", "1");
        main.addInitialProperty(PROVISIONING + "parameters.SerialNumber", "17");
        main.start();

        assertThat(willProperties()).containsOnly(entry("site", "north"), entry("line", "1"));
        assertThat(parameters()).containsOnly(entry("SerialNumber", "17"));
    }

    @Test
    void addTheEntriesOfAUriToThoseOfTheComponentForThatEndpointOnly() throws Exception {
        main.addInitialProperty(WILL + "willUserProperties.site", "north");
        main.addInitialProperty(WILL + "willUserProperties.line", "1");
        main.addInitialProperty(PROVISIONING + "parameters.SerialNumber", "17");
        main.start();
        String device = "awsiot-device:a?endpoint=x-ats.iot.eu-west-1.amazonaws.com&certificateFile=c&privateKeyFile=k"
                + "&willTopic=w";
        String provisioning = "awsiot-provisioning:t?endpoint=x-ats.iot.eu-west-1.amazonaws.com&certificateFile=c"
                + "&privateKeyFile=k&identityDirectory=identity";

        for (String own : new String[] {"willUserProperty.line=2", "willUserProperties.line=2"}) {
            assertThat(camel.getEndpoint(device + "&" + own, AwsIotDeviceEndpoint.class)
                            .getConfiguration()
                            .getWillUserProperties())
                    .containsOnly(entry("site", "north"), entry("line", "2"));
        }
        for (String own : new String[] {"parameter.Room=5", "parameters.Room=5"}) {
            assertThat(camel.getEndpoint(provisioning + "&" + own, AwsIotProvisioningEndpoint.class)
                            .getConfiguration()
                            .getParameters())
                    .containsOnly(entry("SerialNumber", "17"), entry("Room", "5"));
        }

        assertThat(willProperties()).containsOnly(entry("site", "north"), entry("line", "1"));
        assertThat(parameters()).containsOnly(entry("SerialNumber", "17"));
    }

    @Test
    void sayHowToGiveAnEntryAsAProperty() {
        main.addInitialProperty(WILL + "willUserProperties", "site=north");

        assertThatThrownBy(main::start).hasStackTraceContaining("willUserProperties.<name>=<value>");
    }

    private Map<String, Object> willProperties() {
        return camel.getComponent("awsiot-device", AwsIotDeviceComponent.class)
                .getConfiguration()
                .getWillUserProperties();
    }

    private Map<String, Object> parameters() {
        return camel.getComponent("awsiot-provisioning", AwsIotProvisioningComponent.class)
                .getConfiguration()
                .getParameters();
    }
}
