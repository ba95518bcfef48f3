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

import org.apache.camel.CamelContext;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.RuntimeCamelCatalog;

/** Camel's catalogs with both components. */
final class Catalogs {

    private Catalogs() {}

    /** Returns the JSON of a component from the runtime catalog of a Camel context. */
    static String json(CamelContext camel, String scheme) {
        return camel.getCamelContextExtension()
                .getContextPlugin(RuntimeCamelCatalog.class)
                .componentJSonSchema(scheme);
    }

    /** Returns the catalog of an IDE, which also parses and validates URIs. */
    static CamelCatalog ide(CamelContext camel) {
        CamelCatalog catalog = new DefaultCamelCatalog();
        catalog.addComponent("awsiot-device", "io.cameliot.awsiot.AwsIotDeviceComponent", json(camel, "awsiot-device"));
        catalog.addComponent(
                "awsiot-provisioning",
                "io.cameliot.awsiot.provisioning.AwsIotProvisioningComponent",
                json(camel, "awsiot-provisioning"));
        catalog.addComponent("azure-dps", "io.cameliot.azure.dps.DpsComponent", json(camel, "azure-dps"));
        return catalog;
    }
}
