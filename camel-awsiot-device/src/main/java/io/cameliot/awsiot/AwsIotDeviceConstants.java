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

import org.apache.camel.spi.Metadata;

/** The message headers of the component. */
public final class AwsIotDeviceConstants {

    @Metadata(label = "consumer", description = "The topic on which the message arrived.", javaType = "String")
    public static final String TOPIC = "CamelAwsiotDeviceTopic";

    @Metadata(
            label = "consumer",
            description = "The quality of service with which the message arrived: 0 or 1.",
            javaType = "Integer")
    public static final String QOS = "CamelAwsiotDeviceQos";

    @Metadata(
            label = "consumer",
            description = "Whether the message was kept by the server from before the subscription.",
            javaType = "Boolean")
    public static final String RETAINED = "CamelAwsiotDeviceRetained";

    @Metadata(
            label = "consumer",
            description = "Whether the server marks the message as possibly sent before.",
            javaType = "Boolean")
    public static final String DUPLICATE = "CamelAwsiotDeviceDuplicate";

    @Metadata(
            label = "consumer",
            description = "The MQTT packet identifier of the message, 0 at QoS 0.",
            javaType = "Integer")
    public static final String MESSAGE_ID = "CamelAwsiotDeviceMessageId";

    @Metadata(
            label = "consumer",
            description = "The client id of the connection on which the message arrived.",
            javaType = "String")
    public static final String CLIENT_ID = "CamelAwsiotDeviceClientId";

    @Metadata(
            label = "producer",
            description = "Publish to this topic instead of the endpoint's. The header is removed when it was used.",
            javaType = "String")
    public static final String OVERRIDE_TOPIC = "CamelAwsiotDeviceOverrideTopic";

    @Metadata(
            label = "producer",
            description = "Publish with this quality of service, 0 or 1, instead of option qos.",
            javaType = "Integer")
    public static final String OVERRIDE_QOS = "CamelAwsiotDeviceOverrideQos";

    @Metadata(
            label = "producer",
            description = "Publish with this retain flag instead of option retained.",
            javaType = "Boolean")
    public static final String OVERRIDE_RETAINED = "CamelAwsiotDeviceOverrideRetained";

    private AwsIotDeviceConstants() {}
}
