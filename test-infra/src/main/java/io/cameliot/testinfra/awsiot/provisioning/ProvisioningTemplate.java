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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * By which devices become things.
 *
 * <pre>{@code
 * ProvisioningTemplate.named("factory")
 *         .withThingName(parameters -> "sensor-" + parameters.get("SerialNumber"))
 *         .withDeviceConfiguration(Map.of("interval", "10s"))
 *         .withHook(request -> PreProvisioningHook.Decision.deny())
 * }</pre>
 *
 * @param name 1 to 36 letters, digits, underscores and hyphens
 * @param requiredParameters what a device has to say of itself
 * @param thingName names a thing by the parameters of its device
 * @param deviceConfiguration what a device is told once it is provisioned
 * @param hook decides, and may replace parameters
 * @param hookTimeout how long the hook may take
 * @param policy what the device may do with its certificate; empty for everything, or for what its client id may
 */
public record ProvisioningTemplate(
        String name,
        Set<String> requiredParameters,
        Function<Map<String, String>, String> thingName,
        Map<String, String> deviceConfiguration,
        PreProvisioningHook hook,
        Duration hookTimeout,
        Optional<DevicePolicy> policy) {
    /** The parameter that a template requires, and names things by, unless it is told otherwise. */
    public static final String SERIAL_NUMBER = "SerialNumber";
    /** How long AWS waits for a hook. */
    public static final Duration DEFAULT_HOOK_TIMEOUT = Duration.ofSeconds(5);

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_-]{1,36}");

    public ProvisioningTemplate {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of a template matches " + NAME + ", and not so: " + name);
        }
        requiredParameters = Set.copyOf(requiredParameters);
        deviceConfiguration = Map.copyOf(deviceConfiguration);
    }

    /**
     * A template that requires {@link #SERIAL_NUMBER} and names things by it, has no device configuration and allows every
     * device.
     *
     * @param name its name
     * @throws IllegalArgumentException if that cannot be a name
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

    /** This template with other required parameters. */
    public ProvisioningTemplate withRequiredParameters(String... names) {
        return new ProvisioningTemplate(name, Set.of(names), thingName, deviceConfiguration, hook, hookTimeout, policy);
    }

    /** This template with another way to name things. */
    public ProvisioningTemplate withThingName(Function<Map<String, String>, String> naming) {
        return new ProvisioningTemplate(
                name, requiredParameters, naming, deviceConfiguration, hook, hookTimeout, policy);
    }

    /** This template with another device configuration. */
    public ProvisioningTemplate withDeviceConfiguration(Map<String, String> configuration) {
        return new ProvisioningTemplate(name, requiredParameters, thingName, configuration, hook, hookTimeout, policy);
    }

    /** This template with another hook. */
    public ProvisioningTemplate withHook(PreProvisioningHook decider) {
        return new ProvisioningTemplate(
                name, requiredParameters, thingName, deviceConfiguration, decider, hookTimeout, policy);
    }

    /** This template with another patience for its hook. */
    public ProvisioningTemplate withHookTimeout(Duration timeout) {
        return new ProvisioningTemplate(
                name, requiredParameters, thingName, deviceConfiguration, hook, timeout, policy);
    }

    /** This template with a policy for its devices. */
    public ProvisioningTemplate withPolicy(DevicePolicy devicePolicy) {
        return new ProvisioningTemplate(
                name, requiredParameters, thingName, deviceConfiguration, hook, hookTimeout, Optional.of(devicePolicy));
    }

    /**
     * The policy of a claim for this template, as AWS's documents have it ("Provisioning by claim"), with
     * {@code create-from-csr}, which {@code create/*} does not cover.
     *
     * @return connect with any client id, create a certificate in either way, register; nothing else
     */
    public DevicePolicy claimPolicy() {
        DevicePolicy policy = DevicePolicy.DENY_ALL.allow(Action.CONNECT, "*");
        for (String topic : new String[] {
            "$aws/certificates/create/*",
            "$aws/certificates/create-from-csr/*",
            "$aws/provisioning-templates/" + name + "/provision/*"
        }) {
            policy = policy.allow(Action.PUBLISH, topic).allow(Action.SUBSCRIBE, topic);
        }
        return policy;
    }
}
