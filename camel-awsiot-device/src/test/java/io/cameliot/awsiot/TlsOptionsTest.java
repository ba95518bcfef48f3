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
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.util.Base64;
import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of certificates, keys and host names as URIs, routes and the component give them. */
class TlsOptionsTest {

    private static final String HOST = "endpoint=a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";

    @RegisterExtension
    static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();

    @TempDir
    private Path folder;

    private final AwsIotEmulator emulator = AWS.emulator();
    private final CamelContext camel = Contexts.withoutJmx();
    private IssuedCertificate device;
    private DeviceFiles files;

    @BeforeEach
    void writeFiles() {
        device = emulator.issueDevice("sensor-1");
        files = DeviceFiles.write(folder, device, emulator.serverAuthority());
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
        Threads.assertNoneLeft();
    }

    @Test
    void readsABase64KeyStoreWithoutRaw() throws Exception {
        String store = keyStoreWithPlus("secret");

        publish(uri("caFile=" + files.authority() + "&keyStorePassword=secret&keyStoreFile=base64:" + store));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keyStorePassword=", "keyStorePassword=RAW()", "keyStorePassword=RAW{}"})
    void opensAKeyStoreWithAnEmptyPassword(String password) throws Exception {
        publish(uri("caFile=" + files.authority() + "&" + password + "&keyStoreFile=RAW(base64:" + keyStoreWithPlus("")
                + ")"));
    }

    @Test
    void opensAKeyStoreWithAnEmptyPasswordOfTheComponent() throws Exception {
        AwsIotDeviceConfiguration options =
                camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
        options.setKeyStoreFile("base64:" + keyStoreWithPlus(""));
        options.setKeyStorePassword("");

        publish(uri("caFile=" + files.authority()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile", "privateKeyFile", "caFile", "keyStoreFile"})
    void refusesWhatIsNoBase64WithoutShowingIt(String option) {
        String others =
                switch (option) {
                    case "certificateFile" -> "privateKeyFile=/later.key";
                    case "privateKeyFile" -> "certificateFile=/later.pem";
                    case "caFile" -> "certificateFile=/later.pem&privateKeyFile=/later.key";
                    default -> "keyStorePassword=x";
                };

        assertThatThrownBy(() -> camel.getEndpoint(
                        "awsiot-device:a?" + HOST + "&" + others + "&" + option + "=base64:hunter2*hunter2"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .cause()
                .hasMessageContaining("Option " + option + " 'base64:…'")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void findsTheRegionAndTheServerOfAnEndpointInCapitalLetters() throws Exception {
        String secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        emulator.register(IamCredentials.permanent("AKIDEXAMPLE", secretKey));
        String sigV4 = "protocol=wss&authentication=sigv4&accessKey=AKIDEXAMPLE&secretKey=RAW(" + secretKey
                + ")&caFile=" + files.authority();

        publish("awsiot-device:a?endpoint= " + emulator.endpoint().toUpperCase(Locale.ROOT) + ".&" + sigV4
                + "&connectTo=" + emulator.address(GatewayPort.MULTIPLEXED_443));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my_thing.example.com",
                "a..example.com",
                "arn:aws:iot:eu-west-1:123456789012:thing/x",
                "b\u00fccher.example.com",
                "256.0.0.1",
                "https://a%20b/",
                "mqtts://-host:8883"
            })
    void refusesAnEndpointThatIsNoHostName(String endpoint) {
        assertThatThrownBy(() -> camel.getEndpoint(
                        "awsiot-device:a?endpoint=" + endpoint + "&certificateFile=/c.pem&privateKeyFile=/k.pem"))
                .isInstanceOf(ResolveEndpointFailedException.class)
                .cause()
                .hasMessageContaining("Option endpoint '")
                .hasMessageContaining("is not a host name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile=/c.pem&privateKeyFile=/k.pem", "keyStoreFile=/s.p12&keyStorePassword=x"})
    void prefersTheEndpointsOwnOptionsToTheGlobalParameters(String own) throws Exception {
        camel.setSSLContextParameters(new SSLContextParameters());
        camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).setUseGlobalSslContextParameters(true);

        assertThat(parameters(own)).isNull();
        assertThat(parameters("authentication=sigv4&protocol=wss&useDefaultCredentialsProvider=true&caFile=/ca.pem"))
                .isNull();
        assertThat(parameters("")).isSameAs(camel.getSSLContextParameters());
    }

    @Test
    void prefersTheEndpointsOwnParametersToTheGlobalOnes() {
        SSLContextParameters own = new SSLContextParameters();
        camel.getRegistry().bind("own", own);
        camel.setSSLContextParameters(new SSLContextParameters());
        camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).setUseGlobalSslContextParameters(true);

        assertThat(parameters("sslContextParameters=#own")).isSameAs(own);
    }

    private SSLContextParameters parameters(String options) {
        return camel.getEndpoint(
                        "awsiot-device:a?" + options + (options.isEmpty() ? "" : "&") + HOST,
                        AwsIotDeviceEndpoint.class)
                .getConfiguration()
                .getSslContextParameters();
    }

    @ParameterizedTest
    @ValueSource(strings = {"certificateFile", "privateKeyFile", "caFile", "keyStoreFile"})
    void asksForAFileWhenItsRouteStarts(String option) throws Exception {
        Path file = file(option);
        String options = option.equals("keyStoreFile")
                ? "keyStorePassword=secret&keyStoreFile=" + file + "&caFile=" + files.authority()
                : files.options();
        Path away = Files.move(file, folder.resolve("away"));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri(options)).routeId("receive").autoStartup(false).to("mock:out");
                from("direct:lazy").to(uri(options + "&lazyStartProducer=true"));
                from("direct:dynamic").toD(uri("qos=${header.qos}&" + options));
            }
        });

        camel.start();

        assertThatThrownBy(() -> camel.getRouteController().startRoute("receive"))
                .hasStackTraceContaining("Option " + option + " '" + file + "': there is no such file");
        assertThat(send("direct:lazy").getException()).hasStackTraceContaining("Option " + option);
        assertThat(send("direct:dynamic").getException()).hasStackTraceContaining("Option " + option);

        Files.move(away, file);
        camel.getRouteController().startRoute("receive");
        for (String from : new String[] {"direct:lazy", "direct:dynamic"}) {
            assertThat(send(from).getException()).isNull();
        }
    }

    @Test
    void doesNotStartInTheBackgroundWithoutItsFiles() throws Exception {
        Files.delete(files.privateKey());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri("awaitConnection=never&" + files.options())).to("mock:out");
            }
        });

        assertThatThrownBy(camel::start).hasStackTraceContaining("Option privateKeyFile");
    }

    @Test
    void connectsWhereBouncyCastleIsTheFirstProvider() throws Exception {
        Security.insertProviderAt(new BouncyCastleProvider(), 1);
        try {
            publish(uri("caFile=" + files.authority() + "&keyStorePassword=secret&keyStoreFile=RAW(base64:"
                    + keyStoreWithPlus("secret") + ")"));
            publish(uri(files.options()));
        } finally {
            Security.removeProvider(BouncyCastleProvider.PROVIDER_NAME);
        }
    }

    private Path file(String option) throws Exception {
        return switch (option) {
            case "certificateFile" -> files.certificate();
            case "privateKeyFile" -> files.privateKey();
            case "keyStoreFile" ->
                Files.write(folder.resolve("device.p12"), Base64.getDecoder().decode(keyStoreWithPlus("secret")));
            default -> files.authority();
        };
    }

    private Exchange send(String from) {
        return camel.createProducerTemplate().send(from, exchange -> {
            exchange.getIn().setHeader("qos", 1);
            exchange.getIn().setBody("x");
        });
    }

    private void publish(String uri) {
        camel.start();
        Exchange result = camel.createProducerTemplate()
                .send(uri, exchange -> exchange.getIn().setBody("x"));
        assertThat(result.getException()).isNull();
    }

    private String uri(String options) {
        return "awsiot-device:a?endpoint=" + emulator.endpoint() + "&connectTo="
                + emulator.address(GatewayPort.MQTT_8883) + "&" + options;
    }

    /** Its salts differ, so that one of the first few has the sign. */
    private String keyStoreWithPlus(String password) throws Exception {
        while (true) {
            KeyStore store = device.keyStore(password.toCharArray(), "PKCS12");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, password.toCharArray());
            String text = Base64.getEncoder().encodeToString(bytes.toByteArray());
            if (text.contains("+")) {
                return text;
            }
        }
    }
}
