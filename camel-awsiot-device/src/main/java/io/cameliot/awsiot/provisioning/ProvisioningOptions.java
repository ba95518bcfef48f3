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

import io.cameliot.awsiot.protocol.DeviceAuthentication;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.protocol.EndpointAddress;
import io.cameliot.awsiot.protocol.ProfileChoice;
import io.cameliot.awsiot.provisioning.fleet.ClaimRequests;
import io.cameliot.awsiot.provisioning.fleet.ProvisioningLimits;
import io.cameliot.awsiot.provisioning.fleet.ProvisioningServer;
import io.cameliot.awsiot.provisioning.identity.IdentityDirectory;
import io.cameliot.awsiot.topic.TextRules;
import io.cameliot.common.retry.OptionDuration;
import io.cameliot.common.text.ForeignText;
import io.cameliot.common.transport.ServerAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the options of an endpoint and creates from them what the endpoint works with. */
final class ProvisioningOptions {

    /** CreateProvisioningTemplate in the AWS IoT API reference. */
    private static final Pattern TEMPLATE = Pattern.compile("[0-9A-Za-z_-]{1,36}");

    private ProvisioningOptions() {}

    /**
     * Checks the options as far as that is possible without files and without the network, and normalizes endpoint to a
     * host name.
     *
     * @throws IllegalArgumentException if an option is wrong; the message names the option, its value unless that is a
     *     secret, and the allowed values
     */
    static void check(String template, AwsIotProvisioningConfiguration options) {
        options.checkSecrets();
        if (!TEMPLATE.matcher(template).matches()) {
            throw new IllegalArgumentException("The name of the provisioning template, '" + ForeignText.shown(template)
                    + "', is not allowed. Write awsiot-provisioning: and 1 to 36 letters, digits and - _ after it.");
        }
        server(options);
        EndpointAddress address = EndpointAddress.parse(options.getEndpoint());
        if (address.port() != null) {
            options.setPort(address.port());
        }
        options.setEndpoint(address.host());
        directory(options);
        if (options.getClientId() != null) {
            TextRules.requireClientId(options.getClientId());
        }
        millisAtLeast("provisioningTimeout", options.getProvisioningTimeout(), 1);
        millisAtLeast("requestTimeout", options.getRequestTimeout(), 1);
        atLeast("maxRetries", options.getMaxRetries(), 0);
        millisAtLeast("retryMinDelay", options.getRetryMinDelay(), 1);
        millisAtLeast("retryMaxDelay", options.getRetryMaxDelay(), options.getRetryMinDelay());
        atLeast("maxConcurrentProvisionings", options.getMaxConcurrentProvisionings(), 1);
        if (options.clientCertificateOptions().isEmpty() && options.getSslContextParameters() == null) {
            throw new IllegalArgumentException("The claim certificate is missing: set certificateFile and"
                    + " privateKeyFile, or keyStoreFile and keyStorePassword, or sslContextParameters.");
        }
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "Option " + option + "=" + value + " is not allowed. Give a number of at least " + least + ".");
        }
    }

    private static void millisAtLeast(String option, long millis, long least) {
        if (millis < least) {
            throw new IllegalArgumentException(
                    "Option " + option + "=" + millis + " ms is not allowed. Give at least " + least + " ms.");
        }
    }

    /**
     * Checks that a device can have a client id of its own.
     *
     * @throws IllegalArgumentException if option clientId and the serial number are too long together
     */
    static void checkClientId(AwsIotProvisioningConfiguration options, Optional<String> serialNumber) {
        server(options).clientId(serialNumber).ifPresent(TextRules::requireClientId);
    }

    /** Returns where to connect to. */
    static ProvisioningServer server(AwsIotProvisioningConfiguration options) {
        EndpointAddress address = EndpointAddress.parse(options.getEndpoint());
        Integer port = options.getPort();
        if (port != null && address.port() != null && !port.equals(address.port())) {
            throw new IllegalArgumentException(
                    "Options port=" + port + " and endpoint (port " + address.port() + ") contradict each other");
        }
        ProfileChoice profile = ProfileChoice.of(
                DeviceProtocol.mqtt, DeviceAuthentication.x509, port != null ? port : address.port(), "auto", true);
        return new ProvisioningServer(
                new ServerAddress(address.host(), profile.port(), options.connectToAddress(), options.proxyAddress()),
                profile.alpn(),
                Optional.ofNullable(options.getClientId()),
                OptionDuration.ofMillis(options.getRequestTimeout()));
    }

    /** Returns where the identities are kept. */
    static IdentityDirectory directory(AwsIotProvisioningConfiguration options) {
        return IdentityDirectory.of(options.getIdentityDirectory(), InstantSource.system());
    }

    /** Returns how devices come to their certificates. */
    static ClaimRequests certificates(String template, AwsIotProvisioningConfiguration options) {
        return new ClaimRequests(
                options.getKeyGeneration() == KeyGeneration.device
                        ? Optional.of(options.getKeyAlgorithm())
                        : Optional.empty(),
                template);
    }

    /** Returns the limits. */
    static ProvisioningLimits limits(AwsIotProvisioningConfiguration options) {
        return new ProvisioningLimits(
                options.getMaxConcurrentProvisionings(),
                OptionDuration.ofMillis(options.getProvisioningTimeout()),
                OptionDuration.ofMillis(options.getRequestTimeout()),
                options.getMaxRetries(),
                OptionDuration.ofMillis(options.getRetryMinDelay()),
                OptionDuration.ofMillis(options.getRetryMaxDelay()));
    }

    /** Returns the options of TLS with a device's certificate in the place of the claim's. */
    static AwsIotProvisioningConfiguration ofDevice(
            AwsIotProvisioningConfiguration options, Path certificate, Path privateKey) {
        AwsIotProvisioningConfiguration device = options.copy();
        // A path is taken as it is. After "file:" it would be a URI, in which % and others mean something else.
        device.setCertificateFile(certificate.toAbsolutePath().toString());
        device.setPrivateKeyFile(privateKey.toAbsolutePath().toString());
        device.setPrivateKeyPassword(null);
        device.setKeyStoreFile(null);
        device.setKeyStorePassword(null);
        device.setKeyAlias(null);
        device.setSslContextParameters(null);
        return device;
    }
}
