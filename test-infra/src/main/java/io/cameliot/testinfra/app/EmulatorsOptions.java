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
package io.cameliot.testinfra.app;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.Limits;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The command line of {@link EmulatorsMain}. */
final class EmulatorsOptions {
    static final String USAGE =
            """
            Emulates AWS IoT Core and Azure DPS on loopback, and shows on a page what happens in them.

              --folder <path>           where certificates, keys and application.properties are written;
                                        default: emulators
              --keep                    keep the folder at the end, and use the authorities and devices in it again
              --device <name>           the device; default: device
              --region <name>           AWS region; default: eu-west-1
              --standard-ports          AWS IoT on 8883, 443 and 8443, if no other option says otherwise
              --port-8883 <number>      MQTT with client certificates; default: a free port
              --port-443 <number>       MQTT and HTTPS by ALPN, WebSocket; default: a free port
              --port-8443 <number>      HTTPS with client certificates; default: a free port
              --dps-port <number>       DPS, MQTT; default: a free port
              --dps-websocket-port <number>  DPS, MQTT over WebSocket; default: a free port
              --hub-port <number>       IoT hubs, MQTT; default: a free port
              --page-port <number>      the page; default: a free port
              --publishes-per-second <number>  messages that a connection to AWS IoT publishes and receives in a second;
                                        more are discarded; 0 for no limit; default: 100, as in the cloud
              --help                    print this
            """;

    /** What is a thing's name, a client id, a registration id and a file name at once. */
    private static final Pattern DEVICE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]");
    private static final int HIGHEST_PORT = 65_535;

    private final Map<GatewayPort, Integer> awsPorts = new EnumMap<>(GatewayPort.class);
    private Path folder = Path.of("emulators");
    private boolean keep;
    private String device = "device";
    private String region = "eu-west-1";
    private boolean standardPorts;
    private int dpsPort;
    private int dpsWebSocketPort;
    private int hubPort;
    private int pagePort;
    private int publishesPerSecond = Limits.PUBLISHES_PER_SECOND;
    private boolean help;

    private EmulatorsOptions() {}

    /**
     * Parses a command line.
     *
     * @throws IllegalArgumentException if an option is unknown or its value is not allowed; the message names the option,
     *     the value and what is allowed
     */
    static EmulatorsOptions parse(String... arguments) {
        EmulatorsOptions options = new EmulatorsOptions();
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
        while (!rest.isEmpty()) {
            options.take(rest.remove(), rest);
        }
        return options;
    }

    private void take(String option, Deque<String> rest) {
        switch (option) {
            case "--folder" -> folder = path(option, value(option, rest));
            case "--keep" -> keep = true;
            case "--device" -> device = matching(option, value(option, rest), DEVICE);
            case "--region" -> region = matching(option, value(option, rest), REGION);
            case "--standard-ports" -> standardPorts = true;
            case "--port-8883" -> awsPorts.put(GatewayPort.MQTT_8883, port(option, rest));
            case "--port-443" -> awsPorts.put(GatewayPort.MULTIPLEXED_443, port(option, rest));
            case "--port-8443" -> awsPorts.put(GatewayPort.HTTPS_8443, port(option, rest));
            case "--dps-port" -> dpsPort = port(option, rest);
            case "--dps-websocket-port" -> dpsWebSocketPort = port(option, rest);
            case "--hub-port" -> hubPort = port(option, rest);
            case "--page-port" -> pagePort = port(option, rest);
            case "--publishes-per-second" -> publishesPerSecond = rate(option, rest);
            case "--help" -> help = true;
            default -> throw new IllegalArgumentException("Unknown option " + option);
        }
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.remove();
    }

    private static int port(String option, Deque<String> rest) {
        String value = value(option, rest);
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    option + " " + value + ": a port is a number from 0 to " + HIGHEST_PORT + ", 0 for a free one");
        }
        return Integer.parseInt(value);
    }

    private static int rate(String option, Deque<String> rest) {
        String value = value(option, rest);
        if (!value.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(
                    option + " " + value + ": a rate is a number from 0 to 999999999, 0 for no limit");
        }
        return Integer.parseInt(value);
    }

    private static String matching(String option, String value, Pattern allowed) {
        if (!allowed.matcher(value).matches()) {
            throw new IllegalArgumentException(option + " " + value + ": allowed is " + allowed);
        }
        return value;
    }

    private static Path path(String option, String value) {
        try {
            return Path.of(value).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(option + " " + value + ": a folder of this machine is allowed", e);
        }
    }

    Path folder() {
        return folder.toAbsolutePath();
    }

    boolean keep() {
        return keep;
    }

    String device() {
        return device;
    }

    String region() {
        return region;
    }

    /** The port for a listener of AWS IoT; 0 for a free one. */
    int port(GatewayPort port) {
        return awsPorts.getOrDefault(port, standardPorts ? port.wellKnownPort() : 0);
    }

    int dpsPort() {
        return dpsPort;
    }

    int dpsWebSocketPort() {
        return dpsWebSocketPort;
    }

    int hubPort() {
        return hubPort;
    }

    int pagePort() {
        return pagePort;
    }

    /** The messages of a connection to AWS IoT in a second; 0 for no limit. */
    int publishesPerSecond() {
        return publishesPerSecond;
    }

    boolean isHelp() {
        return help;
    }
}
