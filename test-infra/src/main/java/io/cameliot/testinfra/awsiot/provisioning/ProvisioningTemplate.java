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
package io.cameliot.testinfra.awsiot.provisioning;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A template that determines how a device is registered as a thing.
 *
 * <pre>{@code
 * ProvisioningTemplate.named("factory")
 *         .withThingName(parameters -> "sensor-" + parameters.get("SerialNumber"))
 *         .withDeviceConfiguration(Map.of("interval", "10s"))
 *         .withHook(request -> PreProvisioningHook.Decision.deny())
 * }</pre>
 *
 * @param name 1 to 36 letters, digits, underscores and hyphens
 * @param requiredParameters the parameters that a device must send
 * @param thingName returns the name of a thing for the parameters of its device
 * @param deviceConfiguration the configuration that a provisioned device receives
 * @param hook decides, and may override parameters
 * @param hookTimeout the time limit of the hook
 * @param policy the policy of the device's certificate; empty for none: then the policy of its client id applies, or
 *     everything is allowed
 */
public record ProvisioningTemplate(
        String name,
        Set<String> requiredParameters,
        Function<Map<String, String>, String> thingName,
        Map<String, String> deviceConfiguration,
        PreProvisioningHook hook,
        Duration hookTimeout,
        Optional<DevicePolicy> policy) {
    /** The default required parameter, which is also the default thing name. */
    public static final String SERIAL_NUMBER = "SerialNumber";
    /** The default timeout of a hook, which is AWS's. */
    public static final Duration DEFAULT_HOOK_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile(ResourceNames.TEMPLATE);

    public ProvisioningTemplate {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of a template matches " + NAME + ", and not so: " + name);
        }
        requiredParameters = Set.copyOf(requiredParameters);
        deviceConfiguration = Map.copyOf(deviceConfiguration);
    }

    /**
     * Creates a template that requires {@link #SERIAL_NUMBER} and uses it as the thing name, has no device
     * configuration and allows every device.
     *
     * @param name its name
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static ProvisioningTemplate named(String name) {
        return new ProvisioningTemplate(
                name,
                Set.of(SERIAL_NUMBER),
                parameters -> parameters.get(SERIAL_NUMBER),
                Map.of(),
                request -> PreProvisioningHook.Decision.allow(),
                DEFAULT_HOOK_TIMEOUT,
                Optional.empty());
    }

    /** Returns this template with other required parameters. */
    public ProvisioningTemplate withRequiredParameters(String... names) {
        return new ProvisioningTemplate(name, Set.of(names), thingName, deviceConfiguration, hook, hookTimeout, policy);
    }

    /** Returns this template with another naming of things. */
    public ProvisioningTemplate withThingName(Function<Map<String, String>, String> naming) {
        return new ProvisioningTemplate(
                name, requiredParameters, naming, deviceConfiguration, hook, hookTimeout, policy);
    }

    /** Returns this template with another device configuration. */
    public ProvisioningTemplate withDeviceConfiguration(Map<String, String> configuration) {
        return new ProvisioningTemplate(name, requiredParameters, thingName, configuration, hook, hookTimeout, policy);
    }

    /** Returns this template with another hook. */
    public ProvisioningTemplate withHook(PreProvisioningHook decider) {
        return new ProvisioningTemplate(
                name, requiredParameters, thingName, deviceConfiguration, decider, hookTimeout, policy);
    }

    /** Returns this template with another time limit for its hook. */
    public ProvisioningTemplate withHookTimeout(Duration timeout) {
        return new ProvisioningTemplate(
                name, requiredParameters, thingName, deviceConfiguration, hook, timeout, policy);
    }

    /** Returns this template with a policy for its devices. */
    public ProvisioningTemplate withPolicy(DevicePolicy devicePolicy) {
        return new ProvisioningTemplate(
                name, requiredParameters, thingName, deviceConfiguration, hook, hookTimeout, Optional.of(devicePolicy));
    }

    /**
     * Returns the policy of a claim for this template as in AWS's documents ("Provisioning by claim"), plus
     * {@code create-from-csr}, which {@code create/*} does not cover.
     *
     * @return allows to connect with any client id, to create a certificate in either way, and to register; nothing
     *     else
     */
    public DevicePolicy claimPolicy() {
        DevicePolicy policy = DevicePolicy.DENY_ALL.allow(Action.CONNECT, "*");
        for (String topic : new String[] {
            "$aws/certificates/create/*",
            "$aws/certificates/create-from-csr/*",
            "$aws/provisioning-templates/" + name + "/provision/*"
        }) {
            policy = policy.allow(Action.PUBLISH, topic)
                    .allow(Action.SUBSCRIBE, topic)
                    .allow(Action.RECEIVE, topic);
        }
        return policy;
    }
}
