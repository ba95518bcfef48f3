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

import io.cameliot.azure.dps.attestation.Attestation;
import io.cameliot.azure.dps.attestation.Attestation.NamedKey;
import io.cameliot.azure.dps.attestation.SasToken;
import io.cameliot.azure.dps.attestation.SymmetricKey;
import io.cameliot.common.retry.OptionDuration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Creates the attestation from the options. It refuses an option of another authentication than the chosen one, because
 * ignoring the option would hide which credential is in use.
 */
final class AuthenticationOptions {

    private static final Map<DpsAuthentication, List<String>> KEY_OPTIONS = Map.of(
            DpsAuthentication.symmetricKey, List.of("sharedAccessKey", "secondarySharedAccessKey"),
            DpsAuthentication.groupKey, List.of("groupSharedAccessKey", "secondaryGroupSharedAccessKey"),
            DpsAuthentication.sasToken, List.of("sasToken"),
            DpsAuthentication.x509, List.of());

    private final DpsConfiguration options;
    private final Map<String, String> given;

    private AuthenticationOptions(DpsConfiguration options) {
        this.options = options;
        this.given = secrets(options);
    }

    /**
     * Reads the options of the chosen authentication.
     *
     * @throws IllegalArgumentException if an option is missing, malformed or for another authentication
     */
    static Attestation attestation(DpsConfiguration options) {
        return new AuthenticationOptions(options).attestation();
    }

    private Attestation attestation() {
        DpsAuthentication authentication = options.getAuthentication();
        if (authentication == DpsAuthentication.tpm) {
            throw new IllegalArgumentException("Option authentication=tpm is not possible: the service offers TPM"
                    + " attestation over HTTPS and AMQP only, not over MQTT. Use symmetricKey, groupKey, sasToken or"
                    + " x509; the key of an x509 certificate can stay in a TPM behind PKCS#11 with"
                    + " sslContextParameters.");
        }
        refuseOptionsOfOthers(authentication);
        Duration timeToLive = OptionDuration.ofMillis(options.getSasTokenTimeToLive());
        return switch (authentication) {
            case symmetricKey -> Attestation.symmetricKeys(keys(authentication), timeToLive);
            case groupKey -> Attestation.groupKeys(keys(authentication), timeToLive);
            case sasToken -> Attestation.token("sasToken", SasToken.parse("sasToken", required(authentication)));
            case x509 -> certificate();
            case tpm -> throw new IllegalStateException("Refused above");
        };
    }

    private void refuseOptionsOfOthers(DpsAuthentication authentication) {
        Set<String> others = new LinkedHashSet<>(given.keySet());
        others.removeAll(KEY_OPTIONS.get(authentication));
        if (authentication != DpsAuthentication.x509) {
            others.addAll(new TreeSet<>(options.clientCertificateOptions()));
        }
        if (!others.isEmpty()) {
            throw new IllegalArgumentException("With authentication=" + authentication + " the option "
                    + String.join(", ", others) + " is not allowed. Remove it, or choose the authentication that it is"
                    + " for.");
        }
    }

    private List<NamedKey> keys(DpsAuthentication authentication) {
        required(authentication);
        return KEY_OPTIONS.get(authentication).stream()
                .filter(given::containsKey)
                .map(option -> new NamedKey(option, SymmetricKey.parse(option, given.get(option))))
                .toList();
    }

    private String required(DpsAuthentication authentication) {
        String option = KEY_OPTIONS.get(authentication).get(0);
        String value = given.get(option);
        if (value == null) {
            throw new IllegalArgumentException("Option " + option + " is missing: authentication="
                    + authentication + " needs it. Other authentications are symmetricKey, groupKey, sasToken"
                    + " and x509.");
        }
        return value;
    }

    private Attestation certificate() {
        if (options.clientCertificateOptions().isEmpty() && options.getSslContextParameters() == null) {
            throw new IllegalArgumentException("The client certificate is missing: authentication=x509 needs"
                    + " certificateFile and privateKeyFile, or keyStoreFile and keyStorePassword, or"
                    + " sslContextParameters.");
        }
        return Attestation.certificate("certificateFile");
    }

    private static Map<String, String> secrets(DpsConfiguration options) {
        Map<String, String> secrets = new LinkedHashMap<>();
        secrets.put("sharedAccessKey", options.getSharedAccessKey());
        secrets.put("secondarySharedAccessKey", options.getSecondarySharedAccessKey());
        secrets.put("groupSharedAccessKey", options.getGroupSharedAccessKey());
        secrets.put("secondaryGroupSharedAccessKey", options.getSecondaryGroupSharedAccessKey());
        secrets.put("sasToken", options.getSasToken());
        secrets.values().removeIf(value -> value == null || value.isBlank());
        return secrets;
    }
}
