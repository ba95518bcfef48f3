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
package io.cameliot.azure.dps.attestation;

import io.cameliot.azure.dps.wire.PercentEncoding;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A shared access signature, {@code SharedAccessSignature sr=…&sig=…&se=…[&skn=…]} ("Control access to DPS" in the
 * Azure documentation). {@link #toString()} does not contain the token; {@link #text()} returns it.
 *
 * @param text the token as it is sent
 * @param resource the decoded resource URI that the token grants access to
 * @param expiry the time at which the token expires
 */
public record SasToken(String text, String resource, Instant expiry) {

    private static final String PREFIX = "SharedAccessSignature ";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");
    private static final Set<String> REQUIRED = Set.of("sr", "sig", "se");
    private static final Set<String> ALLOWED = Set.of("sr", "sig", "se", "skn");

    /** Returns the resource of a device's registration, which its token names. */
    public static String registrationResource(String idScope, String registrationId) {
        return idScope + "/registrations/" + registrationId;
    }

    /** Creates a token with which a device registers. */
    public static SasToken forRegistration(String idScope, String registrationId, SymmetricKey key, Instant expiry) {
        String resource = registrationResource(idScope, registrationId);
        // The service verifies the text of sr as received, so the signed text must be the sent text.
        String text = sign(PercentEncoding.encodeLowerCase(resource), key, expiry) + "&skn=registration";
        return new SasToken(text, resource, expiry);
    }

    /** Creates a token with which a device connects to its assigned IoT hub. */
    public static SasToken forHub(String hub, String deviceId, SymmetricKey key, Instant expiry) {
        String resource = hub + "/devices/" + deviceId;
        return new SasToken(sign(hubResource(hub, deviceId), key, expiry), resource, expiry);
    }

    static String hubResource(String hub, String deviceId) {
        return PercentEncoding.encode(hub) + "%2Fdevices%2F" + PercentEncoding.encode(deviceId);
    }

    private static String sign(String encodedResource, SymmetricKey key, Instant expiry) {
        String signature = key.sign(encodedResource + "\n" + expiry.getEpochSecond());
        return PREFIX + "sr=" + encodedResource + "&sig=" + PercentEncoding.encode(signature) + "&se="
                + expiry.getEpochSecond();
    }

    /**
     * Parses a token that the user had signed elsewhere.
     *
     * @param option the option that contains it, for the error message
     * @throws IllegalArgumentException if the text is not a token; the message does not contain the text
     */
    public static SasToken parse(String option, String text) {
        String token = withPlusSigns(text.strip());
        if (!token.startsWith(PREFIX)) {
            throw malformed(option, "it does not begin with 'SharedAccessSignature '");
        }
        Map<String, String> fields = new HashMap<>();
        for (String field : token.substring(PREFIX.length()).split("&")) {
            int equals = field.indexOf('=');
            String name = equals < 0 ? "" : field.substring(0, equals);
            if (!ALLOWED.contains(name)) {
                throw malformed(option, "it holds something else than the fields sr, sig, se and skn");
            }
            if (fields.put(name, field.substring(equals + 1)) != null) {
                throw malformed(option, "its field " + name + " is given twice");
            }
        }
        if (!fields.keySet().containsAll(REQUIRED)) {
            throw malformed(option, "it lacks one of the fields sr, sig and se");
        }
        return new SasToken(token, resource(option, fields.get("sr")), expiry(option, fields.get("se")));
    }

    /**
     * Replaces spaces after the prefix by encoded plus signs. In a URI a plus sign of the signature arrives as a space,
     * and a token has no space after its prefix.
     */
    private static String withPlusSigns(String token) {
        return token.startsWith(PREFIX)
                ? PREFIX + token.substring(PREFIX.length()).replace(" ", "%2B")
                : token;
    }

    private static String resource(String option, String encoded) {
        try {
            return PercentEncoding.decode(encoded);
        } catch (IllegalArgumentException e) {
            throw malformed(option, "its field sr is not percent-encoded text");
        }
    }

    private static Instant expiry(String option, String seconds) {
        if (!SECONDS.matcher(seconds).matches()) {
            throw malformed(option, "its field se is not a number of seconds since 1970");
        }
        return Instant.ofEpochSecond(Math.min(Long.parseLong(seconds), Instant.MAX.getEpochSecond()));
    }

    private static IllegalArgumentException malformed(String option, String reason) {
        return new IllegalArgumentException("Option " + option + " is not a SAS token (value not shown): " + reason
                + ". It looks like SharedAccessSignature sr={idScope}%2Fregistrations%2F{registrationId}"
                + "&sig={signature}&se={expiry}&skn=registration; in a URI write RAW(...) around it.");
    }

    @Override
    public String toString() {
        return "SasToken[resource=" + resource + ", expiry=" + expiry + "]";
    }
}
