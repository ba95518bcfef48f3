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
package io.cameliot.testinfra.awsiot.credentials;

import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.IamCredentials;
import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.credentials.CredentialsRefusedException.Reason;
import io.cameliot.testinfra.pki.CommonName;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The role aliases of the account, and the credentials that devices have got by them. The emulator accepts signatures with
 * these credentials until they expire.
 *
 * <p>The thing of a certificate is the one that it was provisioned with. The thing of another certificate is the common name
 * of its subject.
 */
public final class RoleAliases {
    private static final String UPPER_CASE_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int ACCESS_KEY_ID_LENGTH = 16;
    private static final int SECRET_LENGTH = 40;

    private final SigV4Verifier verifier;
    private final Policies policies;
    private final Function<String, Optional<String>> thingOfCertificate;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, RoleAlias> aliases = new ConcurrentHashMap<>();
    private final List<IamCredentials> issued = new CopyOnWriteArrayList<>();

    /**
     * Creates an account without role aliases.
     *
     * @param verifier learns the credentials
     * @param policies say which certificate may assume which role
     * @param thingOfCertificate returns the thing that a certificate, by its id, was provisioned with
     * @param clock determines when credentials expire
     */
    public RoleAliases(
            SigV4Verifier verifier,
            Policies policies,
            Function<String, Optional<String>> thingOfCertificate,
            InstantSource clock) {
        this.verifier = verifier;
        this.policies = policies;
        this.thingOfCertificate = thingOfCertificate;
        this.clock = clock;
    }

    /** Creates a role alias, or replaces the one with the same name. */
    public void create(RoleAlias alias) {
        aliases.put(alias.name(), alias);
    }

    /** Deletes a role alias if it exists; its credentials stay valid. */
    public void delete(String name) {
        aliases.remove(name);
    }

    /**
     * Returns all credentials that devices have got.
     *
     * @return oldest first, expired ones too
     */
    public List<IamCredentials> issued() {
        return List.copyOf(issued);
    }

    /**
     * Gives a device credentials. For the gateway.
     *
     * @param alias the name of a role alias
     * @param certificate the device's certificate
     * @param thingName the thing that the device says it is, if it does
     * @throws CredentialsRefusedException if it gets none
     */
    public IamCredentials assume(String alias, X509Certificate certificate, Optional<String> thingName)
            throws CredentialsRefusedException {
        RoleAlias found = aliases.get(alias);
        if (found == null) {
            throw new CredentialsRefusedException(Reason.NOT_FOUND);
        }
        String certificateId = DeviceCertificates.certificateId(certificate);
        boolean otherThing = thingName.isPresent() && !thingName.equals(thing(certificateId, certificate));
        if (otherThing || !policies.ofCertificate(certificateId).allows(Action.ASSUME_ROLE, alias)) {
            throw new CredentialsRefusedException(Reason.ACCESS_DENIED);
        }
        Instant expiration = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(found.lifetime());
        IamCredentials credentials = IamCredentials.temporary(
                "ASIA" + random(UPPER_CASE_AND_DIGITS, ACCESS_KEY_ID_LENGTH),
                random(BASE64, SECRET_LENGTH),
                random(BASE64, found.sessionTokenLength()),
                expiration);
        verifier.register(credentials);
        issued.add(credentials);
        return credentials;
    }

    private Optional<String> thing(String certificateId, X509Certificate certificate) {
        return thingOfCertificate.apply(certificateId).or(() -> CommonName.of(certificate));
    }

    private String random(String alphabet, int length) {
        return random.ints(length, 0, alphabet.length())
                .collect(
                        StringBuilder::new, (text, index) -> text.append(alphabet.charAt(index)), StringBuilder::append)
                .toString();
    }
}
