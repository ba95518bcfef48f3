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

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizer;
import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.cloud.Commands;
import io.cameliot.testinfra.awsiot.cloud.Jobs;
import io.cameliot.testinfra.awsiot.cloud.Thing;
import io.cameliot.testinfra.awsiot.credentials.RoleAliases;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.provisioning.FleetProvisioning;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The cloud's side of an emulator: identities, policies, provisioning, shadows, jobs and commands, and their clock. */
public abstract class CloudSide extends SeenByGateway {

    CloudSide() {}

    abstract EmulatedAccount account();

    /**
     * The authority of device certificates that is registered from the start.
     *
     * @return the authority, which issues device certificates of any kind
     */
    public TestCertificateAuthority deviceAuthority() {
        return account().deviceAuthority();
    }

    /**
     * Issues a device certificate that is valid and active.
     *
     * @param commonName the subject's common name
     * @return the key and its chain
     */
    public IssuedCertificate issueDevice(String commonName) {
        return account().deviceAuthority().issueDevice(commonName);
    }

    /**
     * Registers another authority of device certificates.
     *
     * @param authority root or intermediate
     */
    public void registerAuthority(X509Certificate authority) {
        account().devices().register(authority);
    }

    /**
     * Deactivates a device certificate; from now on its handshakes fail.
     *
     * @param certificate the device's certificate
     */
    public void deactivate(X509Certificate certificate) {
        account().devices().deactivate(certificate);
    }

    /**
     * Registers IAM credentials for Signature Version 4.
     *
     * @param credentials replace those with the same access key id
     */
    public void register(IamCredentials credentials) {
        account().verifier().register(credentials);
    }

    /**
     * Removes IAM credentials, as if the access key were deleted.
     *
     * @param accessKeyId the access key's id
     */
    public void forgetCredentials(String accessKeyId) {
        account().verifier().forget(accessKeyId);
    }

    /**
     * Registers a custom authorizer.
     *
     * @param authorizer replaces the one with the same name
     */
    public void register(CustomAuthorizer authorizer) {
        account().authorizers().register(authorizer);
    }

    /**
     * Sets the authorizer for clients that name none.
     *
     * @param name its name
     */
    public void defaultAuthorizer(String name) {
        account().authorizers().setDefault(name);
    }

    /**
     * Sets the policy for HTTPS, which has no client ids. Without a policy every publish is allowed.
     *
     * @param policy applies from now on
     */
    public void httpPolicy(DevicePolicy policy) {
        account().policies().set(Faults.NO_CLIENT_ID, policy);
    }

    /**
     * Sets the policy of a client over MQTT. A client without a policy may do everything.
     *
     * @param clientId the client
     * @param policy applies from now on
     */
    public void policy(String clientId, DevicePolicy policy) {
        account().policies().set(clientId, policy);
    }

    /**
     * Returns the policy that applies to a client.
     *
     * @param clientId the client
     * @param principal who it is
     * @return its own policy, or else that of its certificate, or else one that allows everything
     */
    public DevicePolicy policyOf(String clientId, Principal principal) {
        return account().policies().of(clientId, principal);
    }

    /**
     * Returns the authorizer for clients that name none.
     *
     * @return its name, or empty if there is none
     */
    public Optional<String> defaultAuthorizer() {
        return account().authorizers().defaultName();
    }

    /**
     * Returns the custom authorizers.
     *
     * @return their names in order, and their settings, with the accepted tokens and passwords
     */
    public SortedMap<String, CustomAuthorizer> authorizers() {
        return account().authorizers().all();
    }

    /**
     * Attaches a policy to a certificate. It applies to clients whose client id has no policy, and decides which role aliases
     * the device may use.
     *
     * @param certificate the device's certificate
     * @param policy replaces the policy that is attached
     */
    public void policy(X509Certificate certificate, DevicePolicy policy) {
        account().policies().attach(DeviceCertificates.certificateId(certificate), policy);
    }

    /**
     * Returns fleet provisioning: claims, templates, and what has become of certificates and things.
     *
     * @return the service, also before the start
     */
    public FleetProvisioning provisioning() {
        return account().provisioning();
    }

    /**
     * Returns the role aliases, by which devices get temporary credentials.
     *
     * @return the role aliases, also before the start
     */
    public RoleAliases roleAliases() {
        return account().roleAliases();
    }

    /**
     * A thing of the account with its shadows.
     *
     * @param name 1 to 128 letters, digits, colons, underscores and hyphens
     * @return the thing; there is a thing for every name
     * @throws IllegalStateException before the start
     */
    public Thing thing(String name) {
        return new Thing(gateway().deviceServices(), name);
    }

    /**
     * Returns the things that have a shadow, a job or a command.
     *
     * @return their names, in alphabetical order
     * @throws IllegalStateException before the start
     */
    public List<String> thingNames() {
        return gateway().deviceServices().thingNames();
    }

    /**
     * Returns the jobs of the account.
     *
     * @return queues and cancels jobs, and returns their executions
     * @throws IllegalStateException before the start
     */
    public Jobs jobs() {
        return new Jobs(gateway().deviceServices());
    }

    /**
     * Returns the commands of the account.
     *
     * @return sends commands
     * @throws IllegalStateException before the start
     */
    public Commands commands() {
        return new Commands(gateway().deviceServices());
    }

    /**
     * Returns the time of shadows, jobs, commands, provisioning and temporary credentials.
     *
     * @return the machine's time plus the sum of {@link #advanceClock}
     * @throws IllegalStateException before the start
     */
    public Instant now() {
        return gateway().deviceServices().now();
    }

    /**
     * Advances the clock of shadows, jobs, commands, provisioning and temporary credentials. Overdue executions time
     * out, and devices are notified. Pending certificates and credentials expire. Connections, the validity of
     * certificates and the time of signatures use the machine's clock.
     *
     * @param time not negative
     * @throws IllegalStateException before the start
     */
    public void advanceClock(Duration time) {
        gateway().deviceServices().advanceClock(time);
    }
}
