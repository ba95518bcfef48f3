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

import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import io.cameliot.testinfra.pki.IssuedCertificate;
import io.cameliot.testinfra.pki.KeyFormat;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.Pem;
import io.cameliot.testinfra.pki.SigningRequest;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Provisions devices by claim, in the steps of AWS's fleet provisioning API: the device creates a certificate and then
 * registers its thing. A registration has two parts, so that the hook between them blocks no other device.
 *
 * <p>AWS's documents leave some cases open. In these cases a successful registration uses up the token and a failed one
 * does not; a thing that exists gets another certificate; parameters that the template does not require are passed on;
 * certificates have the common name of their signing request.
 */
public final class FleetProvisioning {
    private static final String ACCOUNT = "123456789012";
    /** The common name of a certificate without a signing request, or with one that has no common name. */
    private static final String COMMON_NAME = "AWS IoT Certificate";

    private static final Pattern THING_NAME = Pattern.compile(ResourceNames.THING);

    private final String region;
    private final TestCertificateAuthority authority;
    private final KeyType createdKeys;
    private final Policies policies;
    private final CertificateRegistry registry;
    private final Map<String, ProvisioningTemplate> templates = new ConcurrentHashMap<>();
    /** The things by name, oldest first; guarded by itself. */
    private final Map<String, ProvisionedThing> things = new LinkedHashMap<>();

    /**
     * Creates a service without templates.
     *
     * @param region the region in the ARNs of templates
     * @param authority issues the certificates
     * @param createdKeys the type of the keys of CreateKeysAndCertificate; AWS creates RSA keys
     * @param policies where the service attaches the policies of certificates
     * @param clock determines when certificates expire
     */
    public FleetProvisioning(
            String region,
            TestCertificateAuthority authority,
            KeyType createdKeys,
            Policies policies,
            InstantSource clock) {
        this.region = region;
        this.authority = authority;
        this.createdKeys = createdKeys;
        this.policies = policies;
        this.registry = new CertificateRegistry(clock);
    }

    /** Returns the registry of certificates. */
    public CertificateRegistry certificates() {
        return registry;
    }

    /**
     * Returns the things that devices were registered as.
     *
     * @return oldest first
     */
    public List<ProvisionedThing> things() {
        synchronized (things) {
            return List.copyOf(things.values());
        }
    }

    /** Adds a template, or replaces the one with the same name. */
    public void createTemplate(ProvisioningTemplate template) {
        templates.put(template.name(), template);
    }

    /**
     * Returns the templates.
     *
     * @return in no order
     */
    public List<ProvisioningTemplate> templates() {
        return List.copyOf(templates.values());
    }

    /** Deletes a template if it exists. */
    public void deleteTemplate(String name) {
        templates.remove(name);
    }

    /**
     * Issues a claim that may provision by one template and do nothing else.
     *
     * @param template the template
     */
    public IssuedCertificate issueClaim(ProvisioningTemplate template) {
        return issueClaim("Claim for " + template.name(), Optional.empty(), template.claimPolicy());
    }

    /** Registers a claim that was issued before, such as by an emulator with the same authority. */
    public void registerClaim(IssuedCertificate claim, ProvisioningTemplate template) {
        register(claim, Optional.empty(), template.claimPolicy());
    }

    /**
     * CreateProvisioningClaim: issues a claim for a trusted user. It expires after
     * {@link CertificateRegistry#TEMPORARY_CLAIM_VALIDITY}.
     *
     * @param template the template
     */
    public IssuedCertificate issueTemporaryClaim(ProvisioningTemplate template) {
        return issueClaim(
                "Temporary claim for " + template.name(),
                Optional.of(CertificateRegistry.TEMPORARY_CLAIM_VALIDITY),
                template.claimPolicy());
    }

    /**
     * Issues the claim certificate of a batch of devices.
     *
     * @param commonName the subject's common name
     * @param validity the lifetime of the claim; empty for the validity of its certificate
     * @param policy the policy of its connections
     */
    public IssuedCertificate issueClaim(String commonName, Optional<Duration> validity, DevicePolicy policy) {
        IssuedCertificate claim = authority.issueDevice(commonName);
        register(claim, validity, policy);
        return claim;
    }

    private void register(IssuedCertificate claim, Optional<Duration> validity, DevicePolicy policy) {
        policies.attach(DeviceCertificates.certificateId(claim.certificate()), policy);
        registry.addClaim(claim.certificate(), validity);
    }

    /**
     * CreateKeysAndCertificate: generates a key and its certificate.
     *
     * @throws ProvisioningRejectedException if the certificate of the device's connection is no longer active
     */
    public UnregisteredCertificate createKeysAndCertificate(Claimant claimant) throws ProvisioningRejectedException {
        check(claimant);
        IssuedCertificate issued =
                authority.certificate(COMMON_NAME).keyType(createdKeys).issue();
        return created(
                issued.chain(),
                Optional.of(issued.privateKeyPem(createdKeys == KeyType.RSA ? KeyFormat.PKCS1 : KeyFormat.SEC1)));
    }

    /**
     * CreateCertificateFromCsr: issues a certificate for a key that stays on the device.
     *
     * @param signingRequest the request as PEM
     * @throws ProvisioningRejectedException if the request is invalid, or the certificate of the device's connection is
     *     no longer active
     */
    public UnregisteredCertificate createCertificateFromCsr(Claimant claimant, String signingRequest)
            throws ProvisioningRejectedException {
        check(claimant);
        SigningRequest request;
        try {
            request = SigningRequest.parse(signingRequest);
        } catch (IllegalArgumentException e) {
            throw ProvisioningRejectedException.invalidSigningRequest(e.getMessage());
        }
        String commonName = request.commonName().isEmpty() ? COMMON_NAME : request.commonName();
        return created(authority.issueDevice(request, commonName), Optional.empty());
    }

    private UnregisteredCertificate created(List<X509Certificate> chain, Optional<String> privateKey) {
        String token = registry.addPending(chain.get(0));
        return new UnregisteredCertificate(
                DeviceCertificates.certificateId(chain.get(0)), Pem.certificates(chain), privateKey, token);
    }

    /** A claim may expire while its device is connected. */
    private void check(Claimant claimant) throws ProvisioningRejectedException {
        if (!registry.admits(claimant.certificateId())) {
            throw ProvisioningRejectedException.accessDenied();
        }
    }

    /**
     * The first part of RegisterThing: checks everything that does not depend on the hook.
     *
     * @param templateName the template's name
     * @param ownershipToken the proof that the device owns the certificate
     * @param parameters the device's parameters
     * @throws ProvisioningRejectedException if the device cannot be registered
     */
    public Registration begin(
            Claimant claimant, String templateName, String ownershipToken, Map<String, String> parameters)
            throws ProvisioningRejectedException {
        check(claimant);
        ProvisioningTemplate template = templates.get(templateName);
        if (template == null) {
            throw ProvisioningRejectedException.unknownTemplate(templateName);
        }
        if (ownershipToken.isEmpty()) {
            throw ProvisioningRejectedException.missingToken();
        }
        CertificateDescription pending = registry.pending(ownershipToken);
        Set<String> missing = new TreeSet<>(template.requiredParameters());
        missing.removeAll(parameters.keySet());
        if (!missing.isEmpty()) {
            throw ProvisioningRejectedException.invalidParameters(
                    "The template " + templateName + " requires the parameters " + String.join(", ", missing));
        }
        return new Registration(
                template,
                new PreProvisioningHook.Request(
                        claimant.certificateId(),
                        pending.certificateId(),
                        Pem.certificates(List.of(pending.certificate())),
                        "arn:aws:iot:" + region + ":" + ACCOUNT + ":provisioningtemplate/" + templateName,
                        claimant.clientId(),
                        parameters),
                ownershipToken);
    }

    /**
     * The second part of RegisterThing: activates the certificate if the hook allows it.
     *
     * @param decision the hook's decision; {@link PreProvisioningHook.Decision#deny()} if the hook failed or timed out
     * @return the thing
     * @throws ProvisioningRejectedException if the hook denies, if the parameters of the device and the hook yield no
     *     valid thing name, or if the token has expired
     */
    public ProvisionedThing complete(Registration registration, PreProvisioningHook.Decision decision)
            throws ProvisioningRejectedException {
        if (!decision.allowProvisioning()) {
            throw ProvisioningRejectedException.accessDenied();
        }
        ProvisioningTemplate template = registration.template();
        Map<String, String> parameters = new HashMap<>(registration.parameters());
        parameters.putAll(decision.parameterOverrides());
        String name = template.thingName().apply(parameters);
        if (name == null || !THING_NAME.matcher(name).matches()) {
            throw ProvisioningRejectedException.invalidParameters(
                    "The name of a thing matches " + THING_NAME + ", and not so: " + name);
        }
        synchronized (things) {
            CertificateDescription active = registry.activate(registration.ownershipToken(), name);
            template.policy().ifPresent(policy -> policies.attach(active.certificateId(), policy));
            ProvisionedThing thing = new ProvisionedThing(name, active.certificateId(), template.name(), parameters);
            things.put(name, thing);
            return thing;
        }
    }
}
