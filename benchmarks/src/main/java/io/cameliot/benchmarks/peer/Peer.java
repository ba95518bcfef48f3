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
package io.cameliot.benchmarks.peer;

/** The measured clients, with the settings that their documentation recommends for many messages. */
public enum Peer {
    AWSIOT_DEVICE(
            "awsiot-device:",
            "Camel route `direct:` to `awsiot-device:`, all options at their defaults but `alpn=none`, because the broker is"
                    + " not AWS's; a fleet is one route with `toD` and `awaitConnection=never`, so that its connections"
                    + " are made at the same time"),
    PAHO(
            "paho:",
            "Camel route `direct:` to `paho:` of Camel " + Versions.CAMEL
                    + "; `maxInflight=65535`, because with its default of 10 it fails under load (32202)"),
    PAHO_MQTT5(
            "paho-mqtt5:",
            "Camel route `direct:` to `paho-mqtt5:` of Camel " + Versions.CAMEL
                    + "; `receiveMaximum=65535`, the default"),
    HIVEMQ(
            "HiveMQ",
            "hivemq-mqtt-client " + Versions.HIVEMQ + ", asynchronous API, MQTT 3.1.1; messages are acknowledged by the"
                    + " client after the callback"),
    AWS_SDK(
            "AWS SDK",
            "aws-iot-device-sdk " + Versions.AWS_IOT_DEVICE_SDK
                    + " (native), MQTT 5 client; flow control off, which else keeps it to AWS's quotas"
                    + " (`ExtendedValidationAndFlowControlOptions.NONE`)"),
    PAHO_ASYNC("Paho", "Eclipse Paho " + Versions.PAHO + ", asynchronous client, `maxInflight=65535`"),
    SOCKET(
            "bare socket",
            "blocking `SSLSocket` of the JDK; packets encoded beforehand, all that the window allows in one write;"
                    + " acknowledgements are counted and not read"),
    EMPTY_ROUTE(
            "empty route",
            "Camel route `direct:` to a processor that does nothing: no message goes anywhere, and no broker takes part of"
                    + " the machine; what Camel itself allows"),
    HTTP("http:", "Camel route `direct:` to `http:` of Camel " + Versions.CAMEL + " as it is"),
    HTTP_KEPT(
            "http: kept",
            "the same with a `httpClientConfigurer` that calls `setUserTokenHandler((route, context) -> null)`, so that"
                    + " connections with a client certificate are used again"),
    HTTP_CLIENT(
            "HttpClient 5",
            "Apache HttpClient " + Versions.HTTP_CLIENT + ", classic API, the same user token handler, a connection for"
                    + " each thread"),
    AZURE_DPS(
            "azure-dps:",
            "Camel route `direct:` to `azure-dps:`; one endpoint, the registration id in a header,"
                    + " `maxConcurrentRegistrations` is the number of registrations at a time; `defaultPollInterval=1` (ms),"
                    + " which counts where the service orders no wait"),
    MICROSOFT(
            "Microsoft",
            "provisioning-device-client " + Versions.PROVISIONING_CLIENT
                    + ", MQTT, a thread for each registration at a time; where the service orders no wait of 2 to 5 s it"
                    + " waits 2 s, which cannot be changed");

    private final String title;
    private final String settings;

    Peer(String title, String settings) {
        this.title = title;
        this.settings = settings;
    }

    /** The name in reports. */
    public String title() {
        return title;
    }

    /** The settings, for the readers of the results. */
    public String settings() {
        return settings;
    }
}
