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
package io.cameliot.examples.karaf;

import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Runs the routes while the bundle is active and the file {@code etc/io.cameliot.examples.karaf.cfg} exists. Its
 * entries are the routes' properties, and a change of the file restarts the routes.
 */
@Component(
        immediate = true,
        configurationPid = "io.cameliot.examples.karaf",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class DeviceContext {

    private final CamelContext camel;

    /**
     * Starts the routes.
     *
     * @throws Exception if Camel cannot start them; nothing is left running then
     */
    @Activate
    public DeviceContext(BundleContext bundle, Map<String, Object> configuration) throws Exception {
        camel = new OsgiDefaultCamelContext(bundle);
        try {
            camel.getCamelContextExtension().setName("device");
            camel.getPropertiesComponent().setOverrideProperties(properties(configuration));
            camel.addRoutes(new DeviceRoutes());
            camel.start();
        } catch (Exception e) {
            camel.stop();
            throw e;
        }
    }

    /** Ends the routes and their connections. */
    @Deactivate
    public void stop() {
        camel.stop();
    }

    private static Properties properties(Map<String, Object> configuration) {
        Properties properties = new Properties();
        configuration.forEach((name, value) -> properties.setProperty(name, value.toString()));
        return properties;
    }
}
