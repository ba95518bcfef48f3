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
package io.cameliot.testinfra.dps;

import io.cameliot.testinfra.dps.identity.EnrollmentKey;
import io.cameliot.testinfra.dps.service.Enrollment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** The command line of {@link DpsEmulatorMain}. */
final class DpsEmulatorArguments {

    static final String USAGE =
            """
            Options, all of them optional:
              --mqtt-port PORT              port of MQTT over TLS; a free one by default
              --websocket-port PORT         port of MQTT over WebSocket; a free one by default
              --hub-port PORT               port of the IoT hubs; a free one by default
              --id-scope SCOPE              id scope; 0ne00000001 by default
              --server-name NAME            another name for the service; with localhost, clients without SNI are served
              --hub NAME                    host name of a hub, can be repeated; contoso.azure-devices.net by default
              --device ID=KEY               enroll a device by its symmetric key (base64), can be repeated
              --device-certificate ID=FILE  enroll a device by its certificate (PEM), can be repeated
              --group NAME=KEY              enroll a group by its symmetric key (base64), can be repeated
              --group-authority NAME=FILE   enroll a group by a root or intermediate certificate (PEM), can be repeated
              --retry-after SECONDS         wait that is asked for between polls; 3 by default
              --tls13                       speak TLS 1.3 too
              --ca-file FILE                where to write the certificate to trust; deleted at the end;
                                            dps-emulator-ca.pem by default
              --help                        this text
            """;

    private final DpsEmulatorBuilder builder = DpsEmulator.builder();
    private final List<Enrollment> enrollments = new ArrayList<>();
    private final List<String> hubs = new ArrayList<>();
    private Path caFile = Path.of("dps-emulator-ca.pem");
    private boolean help;

    private DpsEmulatorArguments() {}

    /**
     * Parses a command line.
     *
     * @throws IllegalArgumentException if an option is unknown or its value is invalid; the message names the option
     */
    static DpsEmulatorArguments parse(String... arguments) {
        DpsEmulatorArguments parsed = new DpsEmulatorArguments();
        Deque<String> left = new ArrayDeque<>(Arrays.asList(arguments));
        while (!left.isEmpty()) {
            String option = left.remove();
            try {
                parsed.take(option, left);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
            }
        }
        if (!parsed.hubs.isEmpty()) {
            parsed.builder.hubs(parsed.hubs.toArray(String[]::new));
        }
        parsed.builder.enroll(parsed.enrollments.toArray(Enrollment[]::new));
        return parsed;
    }

    private void take(String option, Deque<String> left) {
        switch (option) {
            case "--mqtt-port" -> builder.mqttPort(number(left));
            case "--websocket-port" -> builder.webSocketPort(number(left));
            case "--hub-port" -> builder.hubPort(number(left));
            case "--id-scope" -> builder.idScope(value(left));
            case "--server-name" -> builder.serverName(value(left));
            case "--hub" -> hubs.add(value(left));
            case "--device" -> {
                Named device = Named.of(value(left));
                enroll(Enrollment.individual(device.name()).symmetricKey(EnrollmentKey.of(device.value())));
            }
            case "--device-certificate" -> {
                Named device = Named.of(value(left));
                enroll(Enrollment.individual(device.name()).certificate(certificate(device.value())));
            }
            case "--group" -> {
                Named group = Named.of(value(left));
                enroll(Enrollment.group(group.name()).symmetricKey(EnrollmentKey.of(group.value())));
            }
            case "--group-authority" -> {
                Named group = Named.of(value(left));
                enroll(Enrollment.group(group.name()).certificateAuthority(certificate(group.value())));
            }
            case "--retry-after" -> builder.retryAfter(Duration.ofSeconds(number(left)));
            case "--tls13" -> builder.tlsVersions("TLSv1.2", "TLSv1.3");
            case "--ca-file" -> caFile = Path.of(value(left));
            case "--help" -> help = true;
            default -> throw new IllegalArgumentException("unknown option, see --help");
        }
    }

    private void enroll(Enrollment.Builder enrollment) {
        enrollments.add(enrollment.build());
    }

    private static String value(Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException("a value is missing");
        }
        return left.remove();
    }

    private static int number(Deque<String> left) {
        String value = value(left);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + value + "' is not a number");
        }
    }

    private static X509Certificate certificate(String file) {
        try (InputStream pem = Files.newInputStream(Path.of(file))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("file '" + file + "' holds no certificate that can be read: " + e);
        }
    }

    DpsEmulatorBuilder builder() {
        return builder;
    }

    List<Enrollment> enrollments() {
        return enrollments;
    }

    Path caFile() {
        return caFile;
    }

    boolean isHelp() {
        return help;
    }

    /**
     * A value of the form {@code name=value}. Only the first equals sign separates, because base64 may contain more.
     */
    private record Named(String name, String value) {
        static Named of(String text) {
            int equals = text.indexOf('=');
            if (equals < 1) {
                // The text is not shown, because it may be a key.
                throw new IllegalArgumentException("the value is not of the form NAME=VALUE");
            }
            return new Named(text.substring(0, equals), text.substring(equals + 1));
        }
    }
}
