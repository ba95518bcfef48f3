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
package io.cameliot.azure.dps;

import io.cameliot.azure.dps.fleet.RegistrationLimits;
import io.cameliot.azure.dps.store.FileAssignmentStore;
import io.cameliot.azure.dps.transport.DpsServer;
import io.cameliot.common.retry.OptionDuration;
import io.cameliot.common.text.ForeignText;
import io.cameliot.common.transport.HostName;
import io.cameliot.common.transport.ServerAddress;
import java.util.regex.Pattern;

/** Checks the options of an endpoint when it is created, so that a mistake fails there and not at the first device. */
final class DpsOptions {

    /** The characters of all known ID scopes. Other characters would change the meaning of the MQTT user name. */
    private static final Pattern ID_SCOPE = Pattern.compile("[A-Za-z0-9]{1,64}");

    /** The source is "Registration ID" in "Terms used with DPS" of the Azure documentation. */
    private static final Pattern REGISTRATION_ID = Pattern.compile("[A-Za-z0-9._:-]{0,127}[A-Za-z0-9-]");

    private static final Pattern WEB_SOCKET_PATH = Pattern.compile("/[!-~]*");
    private static final Pattern API_VERSION = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?");

    private DpsOptions() {}

    /**
     * Checks the options as far as that is possible without files and without the network, and normalizes serviceHost.
     *
     * @param registrationId the registration id in the URI, or {@code null}
     * @throws IllegalArgumentException if an option is wrong; the message names the option, its value unless that is a
     *     secret, and the allowed values
     */
    static void check(String idScope, String registrationId, DpsConfiguration options) {
        options.checkSecrets();
        if (!ID_SCOPE.matcher(idScope).matches()) {
            throw invalid(
                    "idScope",
                    idScope,
                    "1 to 64 letters and digits, such as 0ne00000001; copy it from the overview of the service");
        }
        if (registrationId != null) {
            checkRegistrationId("registrationId", registrationId);
        }
        options.setServiceHost(HostName.normalize("serviceHost", options.getServiceHost()));
        matches("apiVersion", options.getApiVersion(), API_VERSION, "a version such as 2019-03-31");
        matches("webSocketPath", options.getWebSocketPath(), WEB_SOCKET_PATH, "a path that begins with /, in ASCII");
        checkNumbers(options);
        FileAssignmentStore.check(options.getAssignmentStore());
        options.connectToAddress();
        options.proxyAddress();
        AuthenticationOptions.attestation(options);
    }

    /**
     * Checks a registration id.
     *
     * @param source the option or header that contains it
     */
    static void checkRegistrationId(String source, String registrationId) {
        matches(
                source,
                registrationId,
                REGISTRATION_ID,
                "1 to 128 letters, digits and - . _ :, the last one a letter, a digit or -");
    }

    private static void checkNumbers(DpsConfiguration options) {
        millisAtLeast("sasTokenTimeToLive", options.getSasTokenTimeToLive(), 1000);
        millisAtLeast("registrationTimeout", options.getRegistrationTimeout(), 1);
        millisAtLeast("requestTimeout", options.getRequestTimeout(), 1);
        millisAtLeast("defaultPollInterval", options.getDefaultPollInterval(), 1);
        atLeast("maxRetries", options.getMaxRetries(), 0);
        millisAtLeast("retryMinDelay", options.getRetryMinDelay(), 1);
        millisAtLeast("retryMaxDelay", options.getRetryMaxDelay(), options.getRetryMinDelay());
        atLeast("maxConcurrentRegistrations", options.getMaxConcurrentRegistrations(), 1);
        atLeast("registrationsPerMinute", options.getRegistrationsPerMinute(), 0);
        millisAtLeast("reprovisionInterval", options.getReprovisionInterval(), 0);
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw invalid(option, Long.toString(value), "a number of at least " + least);
        }
    }

    private static void millisAtLeast(String option, long millis, long least) {
        if (millis < least) {
            throw invalid(option, millis + " ms", "at least " + least + " ms");
        }
    }

    private static void matches(String option, String value, Pattern allowed, String description) {
        if (value == null || !allowed.matcher(value).matches()) {
            throw invalid(option, value, description);
        }
    }

    private static IllegalArgumentException invalid(String option, String value, String allowed) {
        return new IllegalArgumentException(
                "Option " + option + "=" + ForeignText.shown(value) + " is not allowed. Give " + allowed + ".");
    }

    /** Returns the limits from the options. */
    static RegistrationLimits limits(DpsConfiguration options) {
        return new RegistrationLimits(
                new RegistrationLimits.Admission(
                        options.getMaxConcurrentRegistrations(), options.getRegistrationsPerMinute()),
                new RegistrationLimits.Times(
                        OptionDuration.ofMillis(options.getRegistrationTimeout()),
                        OptionDuration.ofMillis(options.getRequestTimeout()),
                        OptionDuration.ofMillis(options.getDefaultPollInterval())),
                new RegistrationLimits.Retries(
                        options.getMaxRetries(),
                        OptionDuration.ofMillis(options.getRetryMinDelay()),
                        OptionDuration.ofMillis(options.getRetryMaxDelay())));
    }

    /**
     * Returns the service from the options.
     *
     * @param clientVersion the name and version of the client
     */
    static DpsServer server(String idScope, DpsConfiguration options, String clientVersion) {
        return new DpsServer(
                new ServerAddress(
                        options.getServiceHost(),
                        options.getTransport().port(),
                        options.connectToAddress(),
                        options.proxyAddress()),
                options.getTransport() == DpsTransport.websocket ? options.getWebSocketPath() : null,
                new DpsServer.Api(idScope, options.getApiVersion(), clientVersion),
                OptionDuration.ofMillis(options.getRequestTimeout()));
    }
}
