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
 * A shared access signature (SAS) token as DPS and IoT Hub take it in the MQTT password:
 * {@code SharedAccessSignature sr={resource}&sig={signature}&se={expiry}[&skn={key name}]}, in any order.
 *
 * <p>The signature is checked over the {@code sr} text as it was received. The documents ask for a lower-case
 * URL-encoded text, but the vendor's own clients send it raw, with {@code %2F} or with {@code %2f}, each signing just
 * what it sends, and all of them work against the service.
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
     * @param resourceUri what the token opens, such as {@code 0ne00000001/registrations/my-device}; it is URL-encoded
     * @param key the key to sign with
     * @param expiry when the token ends, in whole seconds
     * @param keyName the {@code skn} field, {@code registration} for DPS; null leaves it out, as IoT Hub has it for a
     *     device
     * @return the token
     */
    public static SharedAccessSignature sign(String resourceUri, EnrollmentKey key, Instant expiry, String keyName) {
        String resource = urlEncode(resourceUri);
        long seconds = expiry.getEpochSecond();
        return new SharedAccessSignature(resource, key.hmacSha256(toSign(resource, seconds)), seconds, keyName);
    }

    /**
     * Reads a token. Unknown, repeated and missing fields make it invalid, as do a signature that is not URL-encoded
     * base64 and an expiry that is not a number.
     *
     * @param token the MQTT password
     * @return the token
     * @throws IllegalArgumentException when the text is no such token; the message tells which part and never shows it
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
     * Tells whether the key made this token's signature.
     *
     * @param key the key to check with
     * @return true when the signature is the key's
     */
    public boolean isSignedBy(EnrollmentKey key) {
        return MessageDigest.isEqual(signature, key.hmacSha256(toSign(resource, expiry)));
    }

    /**
     * Tells whether the token has ended.
     *
     * @param now the time to check at
     * @return true when the expiry is reached
     */
    public boolean isExpiredAt(Instant now) {
        return now.getEpochSecond() >= expiry;
    }

    /**
     * Returns what the token opens.
     *
     * @return the resource URI, decoded
     */
    public String resourceUri() {
        return URLDecoder.decode(resource, StandardCharsets.UTF_8);
    }

    /**
     * Returns the name of the key.
     *
     * @return the {@code skn} field, which may be empty; nothing when the token has none
     */
    public Optional<String> keyName() {
        return Optional.ofNullable(keyName);
    }

    /**
     * Writes the token, a secret, as the documents show it.
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
