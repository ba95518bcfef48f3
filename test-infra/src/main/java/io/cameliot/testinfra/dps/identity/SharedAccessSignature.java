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
package io.cameliot.testinfra.dps.identity;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A shared access signature (SAS) token in the MQTT password of DPS and IoT Hub:
 * {@code SharedAccessSignature sr={resource}&sig={signature}&se={expiry}[&skn={key name}]}, in any order.
 *
 * <p>The signature covers the {@code sr} text as received. The documentation requires a lower-case URL-encoded text,
 * but the vendor's own clients send it raw, with {@code %2F} or with {@code %2f}. Each of them signs the text that it
 * sends, and the service accepts all of them.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot-dps/how-to-control-access">Control access to DPS</a>
 */
public final class SharedAccessSignature {

    private static final String PREFIX = "SharedAccessSignature ";
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,18}");
    private static final Set<String> FIELDS = Set.of("sr", "sig", "se", "skn");

    private final String resource;
    private final byte[] signature;
    private final long expiry;
    private final String keyName;

    private SharedAccessSignature(String resource, byte[] signature, long expiry, String keyName) {
        this.resource = resource;
        this.signature = signature;
        this.expiry = expiry;
        this.keyName = keyName;
    }

    /**
     * Signs a new token.
     *
     * @param resourceUri the resource of the token, such as {@code 0ne00000001/registrations/my-device}; it is
     *     URL-encoded
     * @param key the signing key
     * @param expiry the end of validity, in whole seconds
     * @param keyName the {@code skn} field, {@code registration} for DPS; null omits it, as for a device of IoT Hub
     * @return the token
     */
    public static SharedAccessSignature sign(String resourceUri, EnrollmentKey key, Instant expiry, String keyName) {
        String resource = urlEncode(resourceUri);
        long seconds = expiry.getEpochSecond();
        return new SharedAccessSignature(resource, key.hmacSha256(toSign(resource, seconds)), seconds, keyName);
    }

    /**
     * Parses a token. A token is invalid if a field is unknown, repeated or missing, if the signature is not
     * URL-encoded base64, or if the expiry is not a number.
     *
     * @param token the MQTT password
     * @return the token
     * @throws IllegalArgumentException if the text is not such a token; the message names the invalid part but does not
     *     show it
     */
    public static SharedAccessSignature parse(String token) {
        if (!token.startsWith(PREFIX)) {
            throw new IllegalArgumentException("it does not start with '" + PREFIX + "'");
        }
        Map<String, String> fields = new HashMap<>();
        for (String part : token.substring(PREFIX.length()).split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : part.substring(0, equals);
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException("it has a field other than " + FIELDS);
            }
            if (fields.put(name, part.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("field '" + name + "' is there twice");
            }
        }
        return new SharedAccessSignature(
                decodableResource(required(fields, "sr")),
                decodeSignature(required(fields, "sig")),
                decodeExpiry(required(fields, "se")),
                fields.get("skn"));
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("field '" + name + "' is missing");
        }
        return value;
    }

    private static String decodableResource(String text) {
        try {
            URLDecoder.decode(text, StandardCharsets.UTF_8);
            return text;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field 'sr' is not valid URL encoding");
        }
    }

    private static byte[] decodeSignature(String text) {
        try {
            return Base64.getDecoder().decode(URLDecoder.decode(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("field 'sig' is not URL-encoded base64");
        }
    }

    private static long decodeExpiry(String text) {
        if (!SECONDS.matcher(text).matches()) {
            throw new IllegalArgumentException("field 'se' is not a number of seconds");
        }
        return Long.parseLong(text);
    }

    /**
     * Returns whether a key made this token's signature.
     *
     * @param key the key
     * @return true if the signature is the key's
     */
    public boolean isSignedBy(EnrollmentKey key) {
        return MessageDigest.isEqual(signature, key.hmacSha256(toSign(resource, expiry)));
    }

    /**
     * Returns whether the token has expired.
     *
     * @param now the time of the check
     * @return true from the expiry on
     */
    public boolean isExpiredAt(Instant now) {
        return now.getEpochSecond() >= expiry;
    }

    /**
     * Returns the resource of the token.
     *
     * @return the resource URI, decoded
     */
    public String resourceUri() {
        return URLDecoder.decode(resource, StandardCharsets.UTF_8);
    }

    /**
     * Returns the name of the key.
     *
     * @return the {@code skn} field, which may be empty; no value if the token has none
     */
    public Optional<String> keyName() {
        return Optional.ofNullable(keyName);
    }

    /**
     * Returns the token, which is a secret, in the documented form.
     *
     * @return the text for the MQTT password
     */
    public String token() {
        String sig = URLEncoder.encode(Base64.getEncoder().encodeToString(signature), StandardCharsets.UTF_8);
        String token = PREFIX + "sr=" + resource + "&sig=" + sig + "&se=" + expiry;
        return keyName == null ? token : token + "&skn=" + keyName;
    }

    private static String toSign(String resource, long expiry) {
        return resource + "\n" + expiry;
    }

    private static String urlEncode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "SharedAccessSignature[sr=" + resource + ", se=" + expiry + "]";
    }
}
