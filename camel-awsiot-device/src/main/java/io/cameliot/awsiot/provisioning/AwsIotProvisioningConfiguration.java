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

import io.cameliot.common.identity.DeviceKeys;
import io.cameliot.common.identity.TlsConfiguration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/**
 * The options of component and endpoints. The certificate and key among them are those of the claim, which a batch of
 * devices shares.
 */
@Configurer
@UriParams
public class AwsIotProvisioningConfiguration extends TlsConfiguration {

    static final String PARAMETER = "parameter.";

    @UriParam(
            description = "Host name of the account's device data endpoint, such as"
                    + " a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com (aws iot describe-endpoint --endpoint-type"
                    + " iot:Data-ATS). A full URL is trimmed to its host name.")
    private String endpoint;

    @UriParam(
            defaultValue = "8883",
            description = "Port of the device gateway: 8883, or 443, where the ALPN name x-amzn-mqtt-ca is sent.")
    private Integer port;

    @UriParam(
            description = "Client id of connections with the claim certificate, up to 128 bytes. With header"
                    + " CamelAwsiotProvisioningSerialNumber the serial number is added to it. By default one"
                    + " is generated for each connection. With its own certificate the device connects with"
                    + " the name of its thing as client id.")
    private String clientId;

    @UriParam(
            description = "Directory for the certificate and the private key of the device, readable by their"
                    + " owner only. It is created if it does not exist. With header"
                    + " CamelAwsiotProvisioningSerialNumber each device has its own subdirectory. A device"
                    + " whose directory already holds an identity is not provisioned.")
    private String identityDirectory;

    @UriParam(
            label = "security",
            defaultValue = "device",
            description = "Where the private key is created: device creates it on this machine, which it does not"
                    + " leave, and sends a certificate signing request; service lets AWS IoT Core create key"
                    + " and certificate.")
    private KeyGeneration keyGeneration = KeyGeneration.device;

    @UriParam(
            label = "security",
            defaultValue = "EC",
            description = "Type of the key for keyGeneration=device: EC is P-256, RSA has 2048 bits.")
    private DeviceKeys.Algorithm keyAlgorithm = DeviceKeys.Algorithm.EC;

    @UriParam(
            prefix = PARAMETER,
            multiValue = true,
            description = "Parameters of the provisioning template, such as parameter.SerialNumber=17. Those in the"
                    + " message body take precedence.")
    private Map<String, Object> parameters = new LinkedHashMap<>();

    @UriParam(
            defaultValue = "2m",
            javaType = "java.time.Duration",
            description = "Time limit of the whole provisioning of a device with all its retries. It starts when"
                    + " the device's turn comes.")
    private long provisioningTimeout = 120000;

    @UriParam(
            label = "advanced",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "Time limit of one connection, subscription or answer. Then the step is tried again.")
    private long requestTimeout = 30000;

    @UriParam(
            defaultValue = "5",
            description = "Maximum number of retries of a step in a row after a transient failure: status 429 or"
                    + " 5xx, a lost connection, no answer. Every answer with progress resets the count.")
    private int maxRetries = 5;

    @UriParam(
            label = "advanced",
            defaultValue = "1s",
            javaType = "java.time.Duration",
            description = "Minimum delay before a retry. It grows exponentially, with jitter, up to retryMaxDelay.")
    private long retryMinDelay = 1000;

    @UriParam(
            label = "advanced",
            defaultValue = "100s",
            javaType = "java.time.Duration",
            description = "Maximum delay before a retry, and before a consumer provisions again after a failure.")
    private long retryMaxDelay = 100000;

    @UriParam(
            label = "producer",
            defaultValue = "20",
            description = "Maximum number of devices that this endpoint provisions at a time, each on its own"
                    + " connection. The others wait without occupying a thread. AWS IoT Core has quotas of"
                    + " about ten requests a second for an account.")
    private int maxConcurrentProvisionings = 20;

    @UriParam(
            defaultValue = "false",
            description = "Whether to provision although identityDirectory holds an identity. The new identity"
                    + " replaces it after a connection with the new certificate has succeeded. The header"
                    + " CamelAwsiotProvisioningReprovision takes precedence.")
    private boolean reprovision;

    /** Returns a copy, so that a change of an endpoint's options does not affect the component's options. */
    @Override
    public AwsIotProvisioningConfiguration copy() {
        AwsIotProvisioningConfiguration copy = (AwsIotProvisioningConfiguration) super.copy();
        copy.parameters = new LinkedHashMap<>(parameters);
        return copy;
    }

    public String getEndpoint() {
        return endpoint;
    }

    public void setEndpoint(String endpoint) {
        this.endpoint = endpoint;
    }

    public Integer getPort() {
        return port;
    }

    public void setPort(Integer port) {
        this.port = port;
    }

    public String getClientId() {
        return clientId;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public String getIdentityDirectory() {
        return identityDirectory;
    }

    public void setIdentityDirectory(String identityDirectory) {
        this.identityDirectory = identityDirectory;
    }

    public KeyGeneration getKeyGeneration() {
        return keyGeneration;
    }

    public void setKeyGeneration(KeyGeneration keyGeneration) {
        this.keyGeneration = keyGeneration;
    }

    public DeviceKeys.Algorithm getKeyAlgorithm() {
        return keyAlgorithm;
    }

    public void setKeyAlgorithm(DeviceKeys.Algorithm keyAlgorithm) {
        this.keyAlgorithm = keyAlgorithm;
    }

    public Map<String, Object> getParameters() {
        return parameters;
    }

    public void setParameters(Map<String, Object> parameters) {
        this.parameters = parameters;
    }

    public long getProvisioningTimeout() {
        return provisioningTimeout;
    }

    public void setProvisioningTimeout(long provisioningTimeout) {
        this.provisioningTimeout = provisioningTimeout;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
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

    public int getMaxConcurrentProvisionings() {
        return maxConcurrentProvisionings;
    }

    public void setMaxConcurrentProvisionings(int maxConcurrentProvisionings) {
        this.maxConcurrentProvisionings = maxConcurrentProvisionings;
    }

    public boolean isReprovision() {
        return reprovision;
    }

    public void setReprovision(boolean reprovision) {
        this.reprovision = reprovision;
    }
}
