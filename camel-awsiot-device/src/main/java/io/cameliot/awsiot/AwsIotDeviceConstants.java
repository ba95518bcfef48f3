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
            description = "With true the message is not published. Instead the connection is replaced, with the present"
                    + " certificates, keys and credentials, and the exchange continues when the new one is"
                    + " established, or fails with the reason. The header is removed.",
            javaType = "Boolean")
    public static final String RECONNECT = "CamelAwsiotDeviceReconnect";

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

    @Metadata(description = "MIME type of the payload, an MQTT 5 property.", javaType = "String")
    public static final String CONTENT_TYPE = "CamelAwsiotDeviceContentType";

    @Metadata(description = "Topic for an answer, an MQTT 5 property.", javaType = "String")
    public static final String RESPONSE_TOPIC = "CamelAwsiotDeviceResponseTopic";

    @Metadata(
            description =
                    "Seconds after which the server drops the message undelivered, an MQTT 5 property; in a consumer what is left of them.",
            javaType = "Long")
    public static final String MESSAGE_EXPIRY = "CamelAwsiotDeviceMessageExpiry";

    @Metadata(
            description =
                    "Names and values for the receivers, MQTT 5 user properties. A name that comes more than once has a List of values.",
            javaType = "java.util.Map<String, Object>")
    public static final String USER_PROPERTIES = "CamelAwsiotDeviceUserProperties";

    @Metadata(
            description = "UNSPECIFIED_BYTES or UTF8_DATA: whether the payload is text, an MQTT 5 property.",
            javaType = "String")
    public static final String PAYLOAD_FORMAT_INDICATOR = "CamelAwsiotDevicePayloadFormatIndicator";

    @Metadata(description = "What an answer is to repeat, an MQTT 5 property.", javaType = "byte[]")
    public static final String CORRELATION_DATA = "CamelAwsiotDeviceCorrelationData";

    @Metadata(
            label = "producer",
            description = "HTTPS: status code of the server's answer, set by the producer.",
            javaType = "Integer")
    public static final String HTTP_RESPONSE_CODE = "CamelAwsiotDeviceHttpResponseCode";

    @Metadata(
            label = "producer",
            description = "HTTPS: AWS's trace id of the answer, set by the producer.",
            javaType = "String")
    public static final String TRACE_ID = "CamelAwsiotDeviceTraceId";

    @Metadata(
            label = "producer",
            description =
                    "Request to a service: the client token that its answer repeats, set by the producer. A token for the"
                            + " request is given in its body.",
            javaType = "String")
    public static final String CLIENT_TOKEN = "CamelAwsiotDeviceClientToken";

    @Metadata(
            label = "consumer",
            description = "The identifier of the job that the route was given.",
            javaType = "String")
    public static final String JOB_ID = "CamelAwsiotDeviceJobId";

    @Metadata(
            label = "consumer",
            description =
                    "The number of the execution of the job on this thing: a job that is tried again has the next one.",
            javaType = "Long")
    public static final String EXECUTION_NUMBER = "CamelAwsiotDeviceExecutionNumber";

    @Metadata(
            label = "consumer",
            description = "The identifier of the execution of the command that the route was given.",
            javaType = "String")
    public static final String EXECUTION_ID = "CamelAwsiotDeviceExecutionId";

    @Metadata(
            label = "consumer",
            description = "What was reported of the job before, names and values; and, where the route sets it, what is"
                    + " reported with the outcome of the job.",
            javaType = "java.util.Map<String, String>")
    public static final String STATUS_DETAILS = "CamelAwsiotDeviceStatusDetails";

    @Metadata(
            description =
                    "Request to a service with rejectedAsException=false: the error code of an answer that rejects the"
                            + " request, set by the producer; absent if it was accepted. Consumer of commands: the reason"
                            + " code that is reported where the route fails, set by the route.",
            javaType = "String")
    public static final String ERROR_CODE = "CamelAwsiotDeviceErrorCode";

    private AwsIotDeviceConstants() {}
}
