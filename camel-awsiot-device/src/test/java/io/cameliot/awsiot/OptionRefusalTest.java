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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad option fails when the route is built, before anything is dialled. */
class OptionRefusalTest {

    private static final String ENDPOINT = "endpoint=a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";
    private static final String KEYS = "authentication=sigv4&protocol=wss&accessKey=AKIDEXAMPLE&secretKey=hunter2";

    private static final String ROLE = "authentication=sigv4&protocol=wss";
    private static final String CREDENTIALS =
            "credentialsEndpoint=c1d2e3f4g5h6i7.credentials.iot.eu-west-1.amazonaws.com";

    @TempDir
    private static Path folder;

    private static String x509;

    private final CamelContext camel = Contexts.withoutJmx();

    @BeforeAll
    static void writeFiles() {
        TestCertificateAuthority authority = TestCertificateAuthority.create("CA");
        x509 = DeviceFiles.write(folder, authority.issueDevice("device"), authority)
                .options();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qos=2 | Option qos=2 is not possible: AWS IoT Core has quality of service 0 and 1 only",
                "qos=-1 | Option qos=-1",
                "cleanSession=false | Option clientId is missing",
                "clientId=$x | Option clientId '$x'",
                "keepAliveInterval=29 | Option keepAliveInterval=29 is not between 30 and 1200 seconds",
                "keepAliveInterval=0 | Option keepAliveInterval=0",
                "keepAliveInterval=1201 | Option keepAliveInterval=1201",
                "maxInflight=0 | Option maxInflight=0 is not between 1 and 100",
                "maxInflight=101 | Option maxInflight=101",
                "connectionTimeout=0 | Option connectionTimeout=0 ms must be more than 0",
                "publishTimeout=-1 | Option publishTimeout=-1 ms",
                "reconnectMinDelay=10s&reconnectMaxDelay=5s | Option reconnectMaxDelay (5000 ms) is less than reconnectMinDelay",
                "connectTo=localhost | Option connectTo: 'localhost' is not host:port",
                "port=1883 | AWS IoT Core has no protocol=mqtt&authentication=x509&port=1883; it has",
                "willTopic=a/# | Topic 'a/#' has a wildcard",
                "willTopic=a&willQos=2 | Option willQos=2",
                "willPayload=gone | Option willPayload needs option willTopic",
                "willContentType=text/plain | Option willContentType needs option willTopic",
                "willMessageExpiry=1m | Option willMessageExpiry needs option willTopic",
                "willTopic=a&willMessageExpiry=500 | Option willMessageExpiry=500 ms is not between 1 second and 7 days",
                "willTopic=a&willMessageExpiry=8d | Option willMessageExpiry=691200000 ms is not between",
                "willTopic=a&willContentType=a&mqttVersion=3.1.1 | Option willContentType needs mqttVersion=5",
                "willTopic=a&willMessageExpiry=1m&mqttVersion=3.1.1 | Option willMessageExpiry needs mqttVersion=5",
                "willResponseTopic=a | Option willResponseTopic needs option willTopic",
                "willCorrelationData=a | Option willCorrelationData needs option willTopic",
                "willUserProperty.site=a | Option willUserProperty.site needs option willTopic",
                "willTopic=a&willResponseTopic=RAW(a/+) | Option willResponseTopic: Topic 'a/+' has a wildcard",
                "willTopic=a&willUserProperty.site=a&mqttVersion=3.1.1 | Option willUserProperty.site needs mqttVersion=5",
                "mqttVersion=4 | Option mqttVersion=4 is not one of [5, 3.1.1]",
                "mqttVersion=5.0 | Option mqttVersion=5.0 is not one of [5, 3.1.1]",
                "mqttVersion=3 | Option mqttVersion=3 is not one of [5, 3.1.1]",
                "sessionExpiry=1h | Option sessionExpiry=3600000 ms needs cleanSession=false",
                "clientId=c&cleanSession=false&mqttVersion=3.1.1&sessionExpiry=1h | Option sessionExpiry=3600000 ms needs mqttVersion=5",
                "clientId=c&cleanSession=false&sessionExpiry=999 | Option sessionExpiry=999 ms is not between 1 second and 7 days",
                "clientId=c&cleanSession=false&sessionExpiry=-1 | Option sessionExpiry=-1 ms is not between",
                "clientId=c&cleanSession=false&sessionExpiry=604800001 | Option sessionExpiry=604800001 ms is not between",
                "accessKey=AK&secretKey=hunter2 | Options [accessKey, secretKey] belong to authentication=sigv4",
                "token=hunter2 | Options [token] belong to authentication=custom",
                "keyStoreFile=x | Options keyStoreFile and certificateFile exclude each other",
                "outbox=disk | Option outbox=disk is not one of [none, memory, file]",
                "outbox=memory&outboxOverflow=drop | Option outboxOverflow=drop is not one of [block, reject, dropOldest]",
                "outbox=memory&outboxMaxMessages=0 | Option outboxMaxMessages=0 must be at least 1",
                "outboxDirectory=/x | Option outboxDirectory=/x needs outbox=file, but outbox=none",
                "outbox=memory&outboxDirectory=/x | Option outboxDirectory=/x needs outbox=file, but outbox=memory",
                "outbox=file&clientId=a | Option outboxDirectory is missing",
                "outbox=file&outboxDirectory=/x | Option clientId is missing: outbox=file needs",
                "protocol=https&outbox=memory | Option outbox=memory is not possible with protocol=https",
                "request=always&mqttVersion=3.1.1 | Option request=always is not possible with mqttVersion=3.1.1",
                "request=always&protocol=https | Option request=always is not possible with protocol=https",
                "request=always&outbox=memory | Option request=always is not possible with outbox=memory",
                "request=always&outbox=file&clientId=a&outboxDirectory=/x | Option request=always is not possible with outbox=file",
                "request=sometimes | Option request=sometimes is not one of [auto, always, never]",
                "exchangePattern=OutIn | Option exchangePattern=OutIn is not one of [InOnly, InOut]",
                "requestTimeout=0 | Option requestTimeout=0 ms must be more than 0",
                "requestTimeout=-1 | Option requestTimeout=-1 ms must be more than 0",
                "protocol=wss | AWS IoT Core has no protocol=wss&authentication=x509; it has protocol=wss&authentication=sigv4&port=443",
            })
    void refusesAnOption(String options, String reason) {
        assertRefused("awsiot-device:a?" + ENDPOINT + "&" + x509 + "&" + options, reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "authentication=sigv4&protocol=mqtt&useDefaultCredentialsProvider=true | AWS IoT Core has no protocol=mqtt&authentication=sigv4",
                "authentication=sigv4&protocol=wss | needs one source of AWS credentials, and has none",
                KEYS + "&useDefaultCredentialsProvider=true | has [accessKey, useDefaultCredentialsProvider]",
                "authentication=sigv4&protocol=wss&accessKey=AK | Options accessKey and secretKey are needed together",
                "authentication=sigv4&protocol=wss&sessionToken=hunter2 | Option sessionToken needs options accessKey and secretKey",
                KEYS + "&certificateFile=x | Options [certificateFile] belong to authentication=x509",
                KEYS + "&certificateFile=x | or set option roleAlias",
                ROLE + "&roleAlias=a&useDefaultCredentialsProvider=true&" + CREDENTIALS
                        + " | has [useDefaultCredentialsProvider, roleAlias]",
                ROLE + "&accessKey=AK&secretKey=hunter2&" + CREDENTIALS + " | has [accessKey, credentialsEndpoint]",
                ROLE + "&roleAlias=a&" + CREDENTIALS + " | Option roleAlias needs the device's certificate",
                ROLE
                        + "&roleAlias=a&certificateFile=x&privateKeyFile=y | Option credentialsEndpoint is missing: give the host name of your account's credentials provider",
                ROLE + "&certificateFile=x&privateKeyFile=y&" + CREDENTIALS + " | Option roleAlias is missing",
                ROLE + "&thingName=t&certificateFile=x&privateKeyFile=y | Option roleAlias is missing",
                ROLE + "&roleAlias=a/b&certificateFile=x&privateKeyFile=y&" + CREDENTIALS
                        + " | Option roleAlias 'a/b' is not the name of a role alias",
                ROLE + "&roleAlias=a&thingName=t/u&certificateFile=x&privateKeyFile=y&" + CREDENTIALS
                        + " | Option thingName 't/u' is not the name of a thing",
                ROLE + "&roleAlias=a&certificateFile=x&" + CREDENTIALS + " | privateKeyFile",
                ROLE
                        + "&roleAlias=a&certificateFile=x&privateKeyFile=y&credentialsEndpoint=a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com | is a data endpoint, which gives no credentials",
                "authentication=x509&roleAlias=a&certificateFile=x&privateKeyFile=y&" + CREDENTIALS
                        + " | Options [roleAlias, credentialsEndpoint] belong to authentication=sigv4",
                "authentication=custom&username=u&password=hunter2&thingName=t | Options [thingName] belong to authentication=sigv4",
                "authentication=custom | needs something to authenticate by",
                "authentication=custom&token=hunter2 | Options token and tokenKeyName are needed together",
                "authentication=custom&username=u&tokenSignature=s | Option tokenSignature needs options token and tokenKeyName",
                "authentication=custom&mqttVersion=3.1.1&password=hunter2 | Option password needs option username or authorizerName with mqttVersion=3.1.1",
                "authentication=custom&protocol=https&username=u&password=hunter2 | Options username and password travel in the MQTT CONNECT",
                "authentication=x509 | authentication=x509 needs the device's certificate",
            })
    void refusesOptionsThatDoNotFitTheAuthentication(String options, String reason) {
        assertRefused("awsiot-device:a?" + ENDPOINT + "&" + options, reason);
    }

    @Test
    void asksForTheRegionThatACustomDomainDoesNotTell() {
        assertRefused("awsiot-device:a?endpoint=iot.example.com&" + KEYS, "Option region is missing");
    }

    @Test
    void asksForTheEndpoint() {
        assertRefused("awsiot-device:a?" + x509, "Option endpoint is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://h:1883", "http://h"})
    void refusesPlainTextEndpoints(String endpoint) {
        assertRefused("awsiot-device:a?endpoint=" + endpoint + "&" + x509, "the connection is always TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "MQTT5", ""})
    void namesTheProtocolsThatThereAre(String protocol) {
        assertRefused(
                "awsiot-device:a?" + ENDPOINT + "&" + x509 + "&protocol=" + protocol,
                "Option protocol=" + protocol + " is not one of [mqtt, wss, https]");
    }

    @Test
    void refusesAnOptionThatDoesNotExist() {
        assertRefused("awsiot-device:a?" + ENDPOINT + "&" + x509 + "&certificatFile=x", "certificatFile");
    }

    @ParameterizedTest
    @CsvSource({"a/+/b, wildcard", "a/#, wildcard", "1/2/3/4/5/6/7/8/9, 9 levels"})
    void refusesTopicsToPublishTo(String topic, String reason) {
        assertProducerRefused("awsiot-device:" + topic + "?" + ENDPOINT + "&" + x509, reason);
    }

    @ParameterizedTest
    @CsvSource({"a/#/b, must be the last level", "1/2/3/4/5/6/7/8/9, 9 levels", "$share/g, $share/group/filter"})
    void refusesTopicFiltersToReceiveFrom(String filter, String reason) {
        assertConsumerRefused("awsiot-device:" + filter + "?" + ENDPOINT + "&" + x509, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device:", "awsiot-device://"})
    void refusesAnEmptyTopic(String uri) {
        assertProducerRefused(uri + "?" + ENDPOINT + "&" + x509, "The topic is empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol=wss&authentication=x509&port=8443",
                "protocol=mqtt&authentication=x509&port=9001&alpn=none",
                "protocol=https&authentication=x509&port=9443&alpn=h1"
            })
    void allowsOtherCombinationsWhereTheProfileIsNotStrict(String options) throws Exception {
        camel.start();

        assertThat(camel.getEndpoint("awsiot-device:a?strictProfile=false&" + ENDPOINT + "&" + x509 + "&" + options))
                .isNotNull();
    }

    /** The value stands at the component, because Camel searches a URI of this length for minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"willPayload", "willContentType", "willCorrelationData", "willUserProperty.site"})
    void refusesAWillWhoseValueIsTooLongForMqtt(String option) {
        AwsIotDeviceConfiguration will =
                camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
        String value = "x".repeat(65_536);
        switch (option) {
            case "willPayload" -> will.setWillPayload(value);
            case "willContentType" -> will.setWillContentType(value);
            case "willCorrelationData" -> will.setWillCorrelationData(value);
            default -> will.setWillUserProperties(Map.of("site", value));
        }

        assertRefused(
                "awsiot-device:a?" + ENDPOINT + "&" + x509 + "&willTopic=gone",
                "Option " + option + " holds a value of 65536 bytes: MQTT allows 65535");
    }

    /** Without the password itself. */
    @ParameterizedTest
    @ValueSource(strings = {"username", "password"})
    void refusesALoginThatIsTooLongForMqtt(String option) {
        AwsIotDeviceConfiguration login =
                camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
        String value = "x".repeat(65_536);
        login.setUsername(option.equals("username") ? value : "u");
        login.setPassword(option.equals("password") ? value : "p");

        assertRefused(
                "awsiot-device:a?" + ENDPOINT + "&authentication=custom",
                "Option " + option + " holds a value of 65536 bytes: MQTT allows 65535");
    }

    @Test
    void refusesToReceiveByHttps() {
        assertConsumerRefused(
                "awsiot-device:a?protocol=https&" + ENDPOINT + "&" + x509,
                "protocol=https can publish only, a consumer cannot receive by it");
    }

    private void assertRefused(String uri, String reason) {
        assertFails(FailedToCreateRouteException.class, reason, new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(uri);
            }
        });
    }

    private void assertProducerRefused(String uri, String reason) {
        assertFails(FailedToStartRouteException.class, reason, new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(uri);
            }
        });
    }

    private void assertConsumerRefused(String uri, String reason) {
        assertFails(FailedToStartRouteException.class, reason, new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).to("log:out");
            }
        });
    }

    private void assertFails(Class<? extends Exception> type, String reason, RouteBuilder route) {
        assertThatThrownBy(() -> {
                    camel.addRoutes(route);
                    camel.start();
                })
                .isInstanceOf(type)
                .satisfies(failure ->
                        assertThat(messages(failure)).contains(reason).doesNotContain("hunter2"));
    }

    private static String messages(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            messages.append(t.getMessage()).append('\n');
        }
        return messages.toString();
    }
}
