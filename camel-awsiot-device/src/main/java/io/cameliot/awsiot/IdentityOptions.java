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
package io.cameliot.awsiot;

import io.cameliot.awsiot.auth.CredentialsOptions;
import io.cameliot.awsiot.auth.CustomIdentity;
import io.cameliot.awsiot.auth.DeviceIdentity;
import io.cameliot.awsiot.auth.SigV4Identity;
import io.cameliot.awsiot.auth.X509Identity;
import io.cameliot.awsiot.credentials.RoleAliasCredentials;
import io.cameliot.awsiot.protocol.DeviceAuthentication;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.common.camel.DeviceComponent;
import io.cameliot.common.mqtt.ProtocolVersion;
import io.cameliot.common.retry.OptionDuration;
import io.cameliot.common.text.ForeignText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the options of each kind of authentication. Options of another kind are refused, not ignored. */
final class IdentityOptions {

    /** The region is the label after {@code iot} or {@code iot-fips} in every AWS name of a data endpoint. */
    private static final Pattern REGION =
            Pattern.compile("(?:^|\\.)iot(?:-fips)?\\.([a-z0-9-]+)\\.(?:amazonaws\\.com|api\\.aws)(?:\\.cn)?$");

    private static final Pattern REGION_NAME = Pattern.compile("[a-z0-9-]+");

    /** An HTTP field name (RFC 9110, section 5.1). The token's name becomes one over WebSocket and HTTPS. */
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern HEADER_VALUE = Pattern.compile("[!-~]([ -~]*[!-~])?");

    private static final List<String> ROLE_ALIAS_OPTIONS = List.of("roleAlias", "credentialsEndpoint", "thingName");

    private IdentityOptions() {}

    /**
     * Checks the options of the authentication and creates the identity.
     *
     * @param host host name of the endpoint
     * @param component fetches credentials by role alias
     * @throws IllegalArgumentException if an option is missing or belongs to another authentication; the message names
     *     it
     */
    static DeviceIdentity check(AwsIotDeviceConfiguration options, String host, DeviceComponent component) {
        DeviceAuthentication authentication = options.getAuthentication();
        refuse(authentication, DeviceAuthentication.sigv4, setOptions(sigV4Options(options)));
        if (!options.hasRoleAlias()) {
            refuse(authentication, DeviceAuthentication.x509, x509Options(options));
        }
        refuse(authentication, DeviceAuthentication.custom, setOptions(customOptions(options)));
        return switch (authentication) {
            case x509 -> x509(options);
            case sigv4 -> sigV4(options, host, component);
            case custom -> custom(options);
        };
    }

    private static void refuse(
            DeviceAuthentication chosen, DeviceAuthentication owner, List<String> setOptionsOfOwner) {
        if (chosen != owner && !setOptionsOfOwner.isEmpty()) {
            throw new IllegalArgumentException("Options " + setOptionsOfOwner + " belong to authentication=" + owner
                    + ", but authentication=" + chosen + ": remove them, or change option authentication"
                    + (chosen == DeviceAuthentication.sigv4 && owner == DeviceAuthentication.x509
                            ? ", or set option roleAlias, by which a certificate gives credentials"
                            : ""));
        }
    }

    private static DeviceIdentity x509(AwsIotDeviceConfiguration options) {
        if (options.getSslContextParameters() == null
                && options.clientCertificateOptions().isEmpty()) {
            throw new IllegalArgumentException("authentication=x509 needs the device's certificate: set options"
                    + " certificateFile and privateKeyFile, or keyStoreFile, or sslContextParameters");
        }
        return new X509Identity();
    }

    private static DeviceIdentity sigV4(AwsIotDeviceConfiguration options, String host, DeviceComponent component) {
        boolean keys = options.getAccessKey() != null || options.getSecretKey() != null;
        if (keys && (options.getAccessKey() == null || options.getSecretKey() == null)) {
            throw new IllegalArgumentException("Options accessKey and secretKey are needed together");
        }
        if (options.getSessionToken() != null && !keys) {
            throw new IllegalArgumentException("Option sessionToken needs options accessKey and secretKey");
        }
        List<String> sources = new ArrayList<>();
        if (keys) {
            sources.add("accessKey");
        }
        if (options.isUseDefaultCredentialsProvider()) {
            sources.add("useDefaultCredentialsProvider");
        }
        if (options.getProfileCredentialsName() != null) {
            sources.add("profileCredentialsName");
        }
        if (options.getCredentialsProvider() != null) {
            sources.add("credentialsProvider");
        }
        setOptions(sigV4Options(options)).stream()
                .filter(ROLE_ALIAS_OPTIONS::contains)
                .findFirst()
                .ifPresent(sources::add);
        if (sources.size() != 1) {
            throw new IllegalArgumentException("authentication=sigv4 needs one source of AWS credentials, and has "
                    + (sources.isEmpty() ? "none" : sources.toString())
                    + ": set accessKey and secretKey, or useDefaultCredentialsProvider, or profileCredentialsName, or"
                    + " credentialsProvider, or roleAlias and credentialsEndpoint");
        }
        return new SigV4Identity(
                region(options, host),
                new CredentialsOptions(
                        options.getAccessKey(),
                        options.getSecretKey(),
                        options.getSessionToken(),
                        options.isUseDefaultCredentialsProvider(),
                        options.getProfileCredentialsName(),
                        options.getCredentialsProvider(),
                        options.hasRoleAlias() ? roleAlias(options, component) : null));
    }

    private static RoleAliasCredentials roleAlias(AwsIotDeviceConfiguration options, DeviceComponent component) {
        return RoleAliasCredentials.of(
                new RoleAliasCredentials.Options(
                        options.getCredentialsEndpoint(),
                        options.getRoleAlias(),
                        options.getThingName(),
                        OptionDuration.ofMillis(options.getConnectionTimeout())),
                options,
                component);
    }

    private static String region(AwsIotDeviceConfiguration options, String host) {
        if (options.getRegion() != null) {
            String region = options.getRegion().strip().toLowerCase(Locale.ROOT);
            if (!REGION_NAME.matcher(region).matches()) {
                throw new IllegalArgumentException("Option region '" + options.getRegion()
                        + "' is not the name of an AWS region, such as eu-west-1");
            }
            return region;
        }
        Matcher matcher = REGION.matcher(host);
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "Option region is missing: the endpoint " + host + " does not say in which AWS region it is");
        }
        return matcher.group(1);
    }

    private static DeviceIdentity custom(AwsIotDeviceConfiguration options) {
        if ((options.getToken() == null) != (options.getTokenKeyName() == null)) {
            throw new IllegalArgumentException(
                    "Options token and tokenKeyName are needed together: the authorizer expects the token under that name");
        }
        if (options.getTokenSignature() != null && options.getToken() == null) {
            throw new IllegalArgumentException("Option tokenSignature needs options token and tokenKeyName");
        }
        if (options.getToken() == null && options.getUsername() == null && options.getPassword() == null) {
            throw new IllegalArgumentException("authentication=custom needs something to authenticate by: set token and"
                    + " tokenKeyName, or username and password");
        }
        if (options.getProtocol() == DeviceProtocol.https
                && (options.getUsername() != null || options.getPassword() != null)) {
            throw new IllegalArgumentException("Options username and password travel in the MQTT CONNECT, which"
                    + " protocol=https has not: use token and tokenKeyName");
        }
        requireHeader("tokenKeyName", options.getTokenKeyName(), HEADER_NAME);
        requireHeader("authorizerName", options.getAuthorizerName(), HEADER_VALUE);
        CustomIdentity identity = new CustomIdentity(
                options.getAuthorizerName(),
                options.getTokenKeyName(),
                options.getToken(),
                options.getTokenSignature(),
                options.getUsername(),
                options.getPassword());
        if (identity.mqttUsername() == null && SessionOptions.version(options) == ProtocolVersion.V3_1_1) {
            throw new IllegalArgumentException("Option password needs option username or authorizerName with"
                    + " mqttVersion=3.1.1, which has no password without a user name; or use mqttVersion=5");
        }
        return identity;
    }

    private static void requireHeader(String option, String value, Pattern allowed) {
        if (value != null && !allowed.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "Option " + option + "='" + ForeignText.shown(value) + "' has a character"
                            + " that its HTTP header cannot have, such as a line end, or is empty: give the name as the authorizer"
                            + " has it");
        }
    }

    private static List<String> x509Options(AwsIotDeviceConfiguration options) {
        return options.clientCertificateOptions().stream().sorted().toList();
    }

    private static Map<String, Object> sigV4Options(AwsIotDeviceConfiguration options) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("accessKey", options.getAccessKey());
        values.put("secretKey", options.getSecretKey());
        values.put("sessionToken", options.getSessionToken());
        values.put("profileCredentialsName", options.getProfileCredentialsName());
        values.put("credentialsProvider", options.getCredentialsProvider());
        values.put("roleAlias", options.getRoleAlias());
        values.put("credentialsEndpoint", options.getCredentialsEndpoint());
        values.put("thingName", options.getThingName());
        values.put("useDefaultCredentialsProvider", options.isUseDefaultCredentialsProvider() ? true : null);
        return values;
    }

    private static Map<String, Object> customOptions(AwsIotDeviceConfiguration options) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("authorizerName", options.getAuthorizerName());
        values.put("tokenKeyName", options.getTokenKeyName());
        values.put("token", options.getToken());
        values.put("tokenSignature", options.getTokenSignature());
        values.put("username", options.getUsername());
        values.put("password", options.getPassword());
        return values;
    }

    private static List<String> setOptions(Map<String, Object> values) {
        return values.entrySet().stream()
                .filter(option -> option.getValue() != null)
                .map(Map.Entry::getKey)
                .toList();
    }
}
