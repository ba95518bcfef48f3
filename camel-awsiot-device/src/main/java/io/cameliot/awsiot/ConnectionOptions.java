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

import io.cameliot.awsiot.auth.DeviceIdentity;
import io.cameliot.awsiot.protocol.EndpointAddress;
import io.cameliot.awsiot.protocol.ProfileChoice;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.settings.GatewayAddress;
import io.cameliot.awsiot.settings.SessionSettings;
import io.cameliot.awsiot.settings.Timing;
import io.cameliot.awsiot.topic.TextRules;
import io.cameliot.common.camel.DeviceComponent;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.retry.OptionDuration;
import io.cameliot.common.text.ForeignText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Checks the options of an endpoint and creates the settings of its connection. */
final class ConnectionOptions {

    private static final int MIN_KEEP_ALIVE = 30;
    private static final int MAX_KEEP_ALIVE = 1200;
    private static final int MAX_INFLIGHT = 100;
    private static final int MAX_CONCURRENT_CONSUMERS = 1000;
    private static final int MAX_ALPN_BYTES = 255;

    private ConnectionOptions() {}

    /**
     * Checks the options only. The files that they name are read when a route starts.
     *
     * @throws IllegalArgumentException if an option is wrong; the message names the first such option, its value and
     *     the allowed values
     */
    static ConnectionSettings check(DeviceComponent component, AwsIotDeviceConfiguration options) {
        options.checkSecrets();
        EndpointAddress address = EndpointAddress.parse(options.getEndpoint());
        ProfileChoice profile = ProfileChoice.of(
                options.getProtocol(),
                options.getAuthentication(),
                port(address, options.getPort()),
                options.getAlpn(),
                options.isStrictProfile());
        checkAlpn(options.getAlpn());
        requireQos("qos", options.getQos());
        checkClientId(options);
        TextRules.requireMqttText("Option username", options.getUsername());
        if (options.getPassword() != null) {
            TextRules.requireLength("Option password", options.getPassword().getBytes(StandardCharsets.UTF_8).length);
        }
        requireRange("keepAliveInterval", options.getKeepAliveInterval(), MIN_KEEP_ALIVE, MAX_KEEP_ALIVE, " seconds");
        requireRange("maxInflight", options.getMaxInflight(), 1, MAX_INFLIGHT, "");
        requirePositive("connectionTimeout", options.getConnectionTimeout());
        requirePositive("publishTimeout", options.getPublishTimeout());
        requirePositive("requestTimeout", options.getRequestTimeout());
        requirePositive("reconnectMinDelay", options.getReconnectMinDelay());
        requirePositive("redeliveryDelay", options.getRedeliveryDelay());
        if (options.getMaxRedeliveries() < 0) {
            throw new IllegalArgumentException(
                    "Option maxRedeliveries=" + options.getMaxRedeliveries() + " must be at least 0");
        }
        requireRange("concurrentConsumers", options.getConcurrentConsumers(), 1, MAX_CONCURRENT_CONSUMERS, "");
        if (options.getReconnectMaxDelay() < options.getReconnectMinDelay()) {
            throw new IllegalArgumentException("Option reconnectMaxDelay (" + options.getReconnectMaxDelay()
                    + " ms) is less than reconnectMinDelay (" + options.getReconnectMinDelay() + " ms)");
        }
        DeviceIdentity identity = IdentityOptions.check(options, address.host(), component);
        // With a role alias the certificate is for the credentials endpoint only.
        TlsContextFactory tls = new TlsContextFactory(
                component.getCamelContext(),
                options.hasRoleAlias() ? options.withoutClientCertificate() : options,
                component.trust());
        tls.checkOptions();
        return new ConnectionSettings(
                new GatewayAddress(
                        profile.protocol(),
                        address.host(),
                        profile.port(),
                        profile.alpn(),
                        options.connectToAddress(),
                        options.proxyAddress()),
                tls,
                identity,
                new SessionSettings(
                        options.getClientId(),
                        SessionOptions.check(options),
                        Duration.ofSeconds(options.getKeepAliveInterval()),
                        WillOptions.check(options)),
                options.getMaxInflight(),
                timing(options));
    }

    private static Timing timing(AwsIotDeviceConfiguration options) {
        return new Timing(
                OptionDuration.ofMillis(options.getConnectionTimeout()),
                OptionDuration.ofMillis(options.getPublishTimeout()),
                OptionDuration.ofMillis(options.getReconnectMinDelay()),
                OptionDuration.ofMillis(options.getReconnectMaxDelay()));
    }

    /**
     * Checks a quality of service.
     *
     * @throws IllegalArgumentException if the quality of service is neither 0 nor 1
     */
    static void requireQos(String option, long qos) {
        if (qos != 0 && qos != 1) {
            throw new IllegalArgumentException("Option " + option + "=" + qos
                    + " is not possible: AWS IoT Core has quality of service 0 and 1 only");
        }
    }

    private static Integer port(EndpointAddress address, Integer port) {
        if (port != null && address.port() != null && !port.equals(address.port())) {
            throw new IllegalArgumentException(
                    "Options port=" + port + " and endpoint (port " + address.port() + ") contradict each other");
        }
        return port != null ? port : address.port();
    }

    /** The length of a name is one byte on the wire (RFC 7301, section 3.1). */
    private static void checkAlpn(String alpn) {
        int bytes = alpn.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_ALPN_BYTES) {
            throw new IllegalArgumentException("Option alpn='" + ForeignText.shown(alpn)
                    + "' is not possible: give auto, none, or a name of 1 to " + MAX_ALPN_BYTES + " bytes");
        }
    }

    private static void checkClientId(AwsIotDeviceConfiguration options) {
        String clientId = options.getClientId();
        if (clientId == null) {
            if (!options.isCleanSession()) {
                throw new IllegalArgumentException(
                        "Option clientId is missing: cleanSession=false needs a client id that stays the same");
            }
            return;
        }
        TextRules.requireClientId(clientId);
    }

    private static void requireRange(String option, int value, int min, int max, String unit) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "Option " + option + "=" + value + " is not between " + min + " and " + max + unit);
        }
    }

    private static void requirePositive(String option, long millis) {
        if (millis <= 0) {
            throw new IllegalArgumentException("Option " + option + "=" + millis + " ms must be more than 0");
        }
    }
}
