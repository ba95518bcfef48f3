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

import org.apache.camel.spi.Metadata;

/** The headers of the component awsiot-provisioning. */
public final class AwsIotProvisioningConstants {

    @Metadata(
            label = "producer",
            description = "Serial number of the device. It names the subdirectory of identityDirectory, so that one"
                    + " endpoint provisions many devices, and is the parameter SerialNumber where the body has none.",
            javaType = "String")
    public static final String SERIAL_NUMBER = "CamelAwsiotProvisioningSerialNumber";

    @Metadata(
            label = "producer",
            description = "Whether to provision although identityDirectory holds an identity.",
            javaType = "Boolean")
    public static final String REPROVISION = "CamelAwsiotProvisioningReprovision";

    @Metadata(
            label = "common",
            description = "Name of the thing that the device was registered as.",
            javaType = "String")
    public static final String THING_NAME = "CamelAwsiotProvisioningThingName";

    @Metadata(label = "common", description = "Id of the device's certificate.", javaType = "String")
    public static final String CERTIFICATE_ID = "CamelAwsiotProvisioningCertificateId";

    @Metadata(
            label = "common",
            description = "Path of the device's certificate, as option certificateFile takes it.",
            javaType = "String")
    public static final String CERTIFICATE_FILE = "CamelAwsiotProvisioningCertificateFile";

    @Metadata(
            label = "common",
            description = "Path of the device's private key, as option privateKeyFile takes it.",
            javaType = "String")
    public static final String PRIVATE_KEY_FILE = "CamelAwsiotProvisioningPrivateKeyFile";

    private AwsIotProvisioningConstants() {}
}
