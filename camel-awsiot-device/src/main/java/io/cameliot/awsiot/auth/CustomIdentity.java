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
package io.cameliot.awsiot.auth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The parameters of a custom authorizer. Each may be null.
 *
 * @param authorizerName name of the authorizer, null for the endpoint's default authorizer
 * @param tokenKeyName name under which the authorizer expects the token
 * @param token the token
 * @param tokenSignature base64 of the token's RSA-SHA256 signature, null if signing is disabled for the authorizer
 * @param username user name for the authorizer
 * @param password password for the authorizer
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth.html">AWS IoT Developer Guide,
 *     Connecting to AWS IoT Core by using custom authentication</a>
 */
public record CustomIdentity(
        String authorizerName,
        String tokenKeyName,
        String token,
        String tokenSignature,
        String username,
        String password)
        implements DeviceIdentity {

    private static final String NAME = "x-amz-customauthorizer-name";
    private static final String SIGNATURE = "x-amz-customauthorizer-signature";

    /**
     * Returns the user name of the CONNECT packet, with the authorizer's parameters appended as a query. It contains at
     * most one question mark, because AWS treats the last one as the start of the SDK's metrics.
     *
     * @return null if there is nothing to send
     */
    public String mqttUsername() {
        StringJoiner query = new StringJoiner("&");
        headers().forEach((name, value) -> query.add(encode(name) + "=" + encode(value)));
        if (query.length() == 0) {
            return username;
        }
        String name = username == null ? "" : username;
        return name + (name.indexOf('?') < 0 ? "?" : "&") + query;
    }

    /** Returns whether a user name or a password is set. Only the CONNECT packet can carry them. */
    public boolean hasLogin() {
        return username != null || password != null;
    }

    /** Returns the authorizer's parameters as HTTP headers. They do not include user name and password. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        if (authorizerName != null) {
            headers.put(NAME, authorizerName);
        }
        if (tokenSignature != null) {
            headers.put(SIGNATURE, tokenSignature);
        }
        if (token != null) {
            headers.put(tokenKeyName, token);
        }
        return headers;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "custom authorizer " + (authorizerName == null ? "(default)" : authorizerName);
    }
}
