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
package io.cameliot.testinfra.awsiot;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.pki.IssuedCertificate.CertificateFiles;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Runs an {@link AwsIotEmulator} from the command line until it is interrupted. */
public final class AwsIotEmulatorMain {
    private static final String DEVICE = "device";
    private static final String USAGE =
            """
            Emulates AWS IoT Core's device gateway on loopback.

              --port-443 <number>     MQTT and HTTPS by ALPN, WebSocket; default: a free port
              --port-8883 <number>    MQTT with client certificates; default: a free port
              --port-8443 <number>    HTTPS with client certificates; default: a free port
              --region <name>         default: eu-west-1
              --custom-domain <name>  a further endpoint, such as localhost; can be repeated
              --ipv6                  listen on ::1 too
              --directory <path>      where certificates and keys are written; default: aws-iot-emulator
              --help                  print this
            """;

    private final AwsIotEmulatorBuilder builder = AwsIotEmulator.builder();
    private Path directory = Path.of("aws-iot-emulator");
    private boolean help;

    private AwsIotEmulatorMain(String... arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--port-443" -> builder.port(GatewayPort.MULTIPLEXED_443, port(option, rest));
                case "--port-8883" -> builder.port(GatewayPort.MQTT_8883, port(option, rest));
                case "--port-8443" -> builder.port(GatewayPort.HTTPS_8443, port(option, rest));
                case "--region" -> builder.region(value(option, rest));
                case "--custom-domain" -> builder.customDomain(value(option, rest));
                case "--ipv6" -> builder.ipv6(true);
                case "--directory" -> directory = Path.of(value(option, rest));
                case "--help" -> help = true;
                default -> throw new IllegalArgumentException("Unknown option " + option);
            }
        }
    }

    /**
     * Starts the emulator, writes its certificates and prints how to connect.
     *
     * @param arguments {@code --help} lists them
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        AwsIotEmulatorMain main;
        try {
            main = new AwsIotEmulatorMain(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        if (main.help) {
            System.out.print(USAGE);
        } else {
            main.run();
        }
    }

    private void run() throws InterruptedException {
        AwsIotEmulator emulator = builder.build();
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            emulator.close();
                            end.countDown();
                        },
                        "aws-iot-emulator-shutdown"));
        emulator.start();
        System.out.print(account(emulator));
        end.await();
    }

    private String account(AwsIotEmulator emulator) {
        Path authority = emulator.serverAuthority().writeCertificate(directory.resolve("ca.pem"));
        CertificateFiles device = emulator.issueDevice(DEVICE).writeTo(directory, DEVICE);
        int mqtt = emulator.port(GatewayPort.MQTT_8883);
        int https = emulator.port(GatewayPort.HTTPS_8443);
        return String.format(
                Locale.ROOT,
                """
                AWS IoT emulator, press Ctrl-C to stop
                  endpoint                   %1$s
                  port 443  (ALPN, WSS)      127.0.0.1:%2$d
                  port 8883 (MQTT, X.509)    127.0.0.1:%3$d
                  port 8443 (HTTPS, X.509)   127.0.0.1:%4$d
                  trusted by clients         %5$s
                  device certificate         %6$s
                  device key                 %7$s

                Camel:
                  awsiot-device:my/topic?endpoint=%1$s&connectTo=127.0.0.1:%3$d&caFile=file:%5$s&certificateFile=file:%6$s&privateKeyFile=file:%7$s
                curl:
                  curl --connect-to %1$s:8443:127.0.0.1:%4$d --cacert %5$s --cert %6$s --key %7$s -d hello 'https://%1$s:8443/topics/my%%2Ftopic?qos=1'
                """,
                emulator.endpoint(),
                emulator.port(GatewayPort.MULTIPLEXED_443),
                mqtt,
                https,
                authority.toAbsolutePath(),
                device.certificate().toAbsolutePath(),
                device.privateKey().toAbsolutePath());
    }

    private static int port(String option, Deque<String> rest) {
        String value = value(option, rest);
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " " + value + ": a port is a number from 0 to 65535", e);
        }
        throw new IllegalArgumentException(option + " " + value + ": a port is a number from 0 to 65535");
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.removeFirst();
    }
}
