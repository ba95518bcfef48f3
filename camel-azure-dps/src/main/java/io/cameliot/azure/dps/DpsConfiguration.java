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

import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.text.SecretText;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the azure-dps component or of one endpoint. */
@Configurer
@UriParams
public class DpsConfiguration extends TlsConfiguration {

    @UriParam(
            label = "common",
            defaultValue = "global.azure-devices-provisioning.net",
            description = "Host name of the Device Provisioning Service: the global one, or that of one instance "
                    + "(name.azure-devices-provisioning.net).")
    private String serviceHost = "global.azure-devices-provisioning.net";

    @UriParam(
            label = "common",
            defaultValue = "mqtt",
            description = "How to reach the service: mqtt is MQTT over TLS on port 8883, websocket is MQTT over a TLS "
                    + "WebSocket on port 443. The service has no plain-text port.")
    private DpsTransport transport = DpsTransport.mqtt;

    @UriParam(
            label = "advanced",
            defaultValue = "/$iothub/websocket",
            description = "Path of the WebSocket request; only for transport=websocket.")
    private String webSocketPath = "/$iothub/websocket";

    @UriParam(
            label = "advanced",
            defaultValue = "2019-03-31",
            description = "Version of the service's API, sent in the MQTT user name.")
    private String apiVersion = "2019-03-31";

    @UriParam(
            label = "security",
            defaultValue = "symmetricKey",
            description = "How the device authenticates: symmetricKey is the key of an individual enrollment,"
                    + " groupKey the key of an enrollment group from which the device's key is derived,"
                    + " sasToken a token signed elsewhere, x509 a client certificate. tpm is refused, because"
                    + " the service does not offer it over MQTT.")
    private DpsAuthentication authentication = DpsAuthentication.symmetricKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Key of an individual enrollment, as base64 text; for authentication=symmetricKey.")
    private String sharedAccessKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Secondary key of the individual enrollment, as base64 text. It is tried when the service "
                    + "refuses sharedAccessKey, so that keys can be changed without a gap.")
    private String secondarySharedAccessKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Key of an enrollment group, as base64 text; for authentication=groupKey. A holder of"
                    + " this key can register any device of the group: do not store it on devices, give each"
                    + " device its own derived key.")
    private String groupSharedAccessKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Secondary key of the enrollment group, as base64 text. It is tried when the service refuses "
                    + "the device's key derived from groupSharedAccessKey.")
    private String secondaryGroupSharedAccessKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Shared access signature (SharedAccessSignature sr=...) that was signed elsewhere, for "
                    + "authentication=sasToken. It is for one device and expires.")
    private String sasToken;

    @UriParam(
            label = "security",
            defaultValue = "1h",
            javaType = "java.time.Duration",
            description = "Validity of the tokens that are signed with the device's key, for the registration and"
                    + " afterwards for the IoT hub.")
    private long sasTokenTimeToLive = 3600000;

    @UriParam(
            label = "common",
            defaultValue = "2m",
            javaType = "java.time.Duration",
            description = "Time limit of the whole registration of a device with all its retries. It starts when"
                    + " the device's turn comes.")
    private long registrationTimeout = 120000;

    @UriParam(
            label = "advanced",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "Time limit of one answer of the service: to the connection, the subscription, or a"
                    + " request. Then the step is tried again.")
    private long requestTimeout = 30000;

    @UriParam(
            label = "advanced",
            defaultValue = "2s",
            javaType = "java.time.Duration",
            description = "Time between polls of the operation if the service names none. Its retry-after always"
                    + " takes precedence, and one registration polls at most 5 times in 10 seconds.")
    private long defaultPollInterval = 2000;

    @UriParam(
            label = "common",
            defaultValue = "5",
            description = "Maximum number of retries of a step in a row after a transient failure: status 429 or"
                    + " 5xx, a lost connection, no answer. Every answer with progress resets the count.")
    private int maxRetries = 5;

    @UriParam(
            label = "advanced",
            defaultValue = "1s",
            javaType = "java.time.Duration",
            description = "Minimum delay before a retry. It grows exponentially, with jitter, up to retryMaxDelay."
                    + " A time that the service names takes precedence.")
    private long retryMinDelay = 1000;

    @UriParam(
            label = "advanced",
            defaultValue = "100s",
            javaType = "java.time.Duration",
            description = "Maximum delay before a retry, and before a consumer registers again after a failure.")
    private long retryMaxDelay = 100000;

    @UriParam(
            label = "producer",
            defaultValue = "50",
            description = "Maximum number of devices that this endpoint registers at a time, each on its own"
                    + " connection. The others wait without occupying a thread.")
    private int maxConcurrentRegistrations = 50;

    @UriParam(
            label = "producer",
            defaultValue = "0",
            description = "Maximum number of registrations that this endpoint starts in a minute, spread evenly; 0"
                    + " for no limit. The service allows 1,000 a minute for all devices of an instance.")
    private int registrationsPerMinute;

    @UriParam(
            label = "common",
            description = "Directory that keeps assignments, as file: and a path. A device with a stored"
                    + " assignment is not registered again after a restart. The header"
                    + " CamelAzureDpsForceRegistration, or forceRegistration=true, registers it nevertheless.")
    private String assignmentStore;

    @UriParam(
            label = "common",
            defaultValue = "false",
            description = "Whether to register although assignmentStore holds an assignment. The header"
                    + " CamelAzureDpsForceRegistration takes precedence.")
    private boolean forceRegistration;

    @UriParam(
            label = "consumer",
            defaultValue = "0",
            javaType = "java.time.Duration",
            description = "Time after a registration until the consumer registers the device again, regardless of"
                    + " assignmentStore; 0 registers once.")
    private long reprovisionInterval;

    @Override
    public void checkSecrets() {
        super.checkSecrets();
        sharedAccessKey = SecretText.of("sharedAccessKey", sharedAccessKey);
        secondarySharedAccessKey = SecretText.of("secondarySharedAccessKey", secondarySharedAccessKey);
        groupSharedAccessKey = SecretText.of("groupSharedAccessKey", groupSharedAccessKey);
        secondaryGroupSharedAccessKey = SecretText.of("secondaryGroupSharedAccessKey", secondaryGroupSharedAccessKey);
        sasToken = SecretText.of("sasToken", sasToken);
    }

    /** Returns a copy, so that a change of an endpoint's options does not affect the component's options. */
    @Override
    public DpsConfiguration copy() {
        return (DpsConfiguration) super.copy();
    }

    public String getServiceHost() {
        return serviceHost;
    }

    public void setServiceHost(String serviceHost) {
        this.serviceHost = serviceHost;
    }

    public DpsTransport getTransport() {
        return transport;
    }

    public void setTransport(DpsTransport transport) {
        this.transport = transport;
    }

    public String getWebSocketPath() {
        return webSocketPath;
    }

    public void setWebSocketPath(String webSocketPath) {
        this.webSocketPath = webSocketPath;
    }

    public String getApiVersion() {
        return apiVersion;
    }

    public void setApiVersion(String apiVersion) {
        this.apiVersion = apiVersion;
    }

    public DpsAuthentication getAuthentication() {
        return authentication;
    }

    public void setAuthentication(DpsAuthentication authentication) {
        this.authentication = authentication;
    }

    public String getSharedAccessKey() {
        return sharedAccessKey;
    }

    public void setSharedAccessKey(String sharedAccessKey) {
        this.sharedAccessKey = sharedAccessKey;
    }

    public String getSecondarySharedAccessKey() {
        return secondarySharedAccessKey;
    }

    public void setSecondarySharedAccessKey(String secondarySharedAccessKey) {
        this.secondarySharedAccessKey = secondarySharedAccessKey;
    }

    public String getGroupSharedAccessKey() {
        return groupSharedAccessKey;
    }

    public void setGroupSharedAccessKey(String groupSharedAccessKey) {
        this.groupSharedAccessKey = groupSharedAccessKey;
    }

    public String getSecondaryGroupSharedAccessKey() {
        return secondaryGroupSharedAccessKey;
    }

    public void setSecondaryGroupSharedAccessKey(String secondaryGroupSharedAccessKey) {
        this.secondaryGroupSharedAccessKey = secondaryGroupSharedAccessKey;
    }

    public String getSasToken() {
        return sasToken;
    }

    public void setSasToken(String sasToken) {
        this.sasToken = sasToken;
    }

    public long getSasTokenTimeToLive() {
        return sasTokenTimeToLive;
    }

    public void setSasTokenTimeToLive(long sasTokenTimeToLive) {
        this.sasTokenTimeToLive = sasTokenTimeToLive;
    }

    public long getRegistrationTimeout() {
        return registrationTimeout;
    }

    public void setRegistrationTimeout(long registrationTimeout) {
        this.registrationTimeout = registrationTimeout;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public long getDefaultPollInterval() {
        return defaultPollInterval;
    }

    public void setDefaultPollInterval(long defaultPollInterval) {
        this.defaultPollInterval = defaultPollInterval;
    }

    public int getMaxRetries() {
        return maxRetries;
    }

    public void setMaxRetries(int maxRetries) {
        this.maxRetries = maxRetries;
    }

    public long getRetryMinDelay() {
        return retryMinDelay;
    }

    public void setRetryMinDelay(long retryMinDelay) {
        this.retryMinDelay = retryMinDelay;
    }

    public long getRetryMaxDelay() {
        return retryMaxDelay;
    }

    public void setRetryMaxDelay(long retryMaxDelay) {
        this.retryMaxDelay = retryMaxDelay;
    }

    public int getMaxConcurrentRegistrations() {
        return maxConcurrentRegistrations;
    }

    public void setMaxConcurrentRegistrations(int maxConcurrentRegistrations) {
        this.maxConcurrentRegistrations = maxConcurrentRegistrations;
    }

    public int getRegistrationsPerMinute() {
        return registrationsPerMinute;
    }

    public void setRegistrationsPerMinute(int registrationsPerMinute) {
        this.registrationsPerMinute = registrationsPerMinute;
    }

    public String getAssignmentStore() {
        return assignmentStore;
    }

    public void setAssignmentStore(String assignmentStore) {
        this.assignmentStore = assignmentStore;
    }

    public boolean isForceRegistration() {
        return forceRegistration;
    }

    public void setForceRegistration(boolean forceRegistration) {
        this.forceRegistration = forceRegistration;
    }

    public long getReprovisionInterval() {
        return reprovisionInterval;
    }

    public void setReprovisionInterval(long reprovisionInterval) {
        this.reprovisionInterval = reprovisionInterval;
    }
}
