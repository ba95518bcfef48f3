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
package io.cameliot.awsiot.credentials;

import io.cameliot.awsiot.protocol.EndpointAddress;
import io.cameliot.common.transport.ServerAddress;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.regex.Pattern;

/**
 * The request for the credentials of a role alias, and where it goes.
 *
 * @param host host name of the credentials endpoint
 * @param port its port
 * @param name name of the role alias
 * @param thingName the thing of the device's certificate; null if the request does not name it
 * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_CreateRoleAlias.html">AWS IoT API Reference,
 *     CreateRoleAlias</a>
 */
record RoleAliasRequest(String host, int port, String name, String thingName) {

    static final String FIND_ENDPOINT = "aws iot describe-endpoint --endpoint-type iot:CredentialProvider";

    private static final int HTTPS_PORT = 443;

    private static final Pattern NAME = Pattern.compile("[\\w=,@-]{1,128}");
    private static final Pattern THING_NAME = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");

    /** Every AWS name of a data endpoint. Those of credentials endpoints have {@code credentials} before {@code iot}. */
    private static final Pattern DATA_ENDPOINT = Pattern.compile(
            "(?!.*credentials\\.iot).*\\biot(?:-fips)?\\.[a-z0-9-]+\\.(?:amazonaws\\.com|api\\.aws)(?:\\.cn)?");

    private static final String USER_AGENT = "camel-awsiot-device";

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if an option is missing or cannot be; the message names it
     */
    static RoleAliasRequest check(String credentialsEndpoint, String roleAlias, String thingName) {
        if (roleAlias == null) {
            throw new IllegalArgumentException("Option roleAlias is missing: options credentialsEndpoint and thingName"
                    + " serve to get credentials by a role alias");
        }
        if (!NAME.matcher(roleAlias).matches()) {
            throw new IllegalArgumentException("Option roleAlias '" + roleAlias
                    + "' is not the name of a role alias: it has 1 to 128 letters, digits and _ = , @ -");
        }
        if (thingName != null && !THING_NAME.matcher(thingName).matches()) {
            throw new IllegalArgumentException("Option thingName '" + thingName
                    + "' is not the name of a thing: it has 1 to 128 letters, digits and : _ -");
        }
        EndpointAddress address = EndpointAddress.parse(
                "credentialsEndpoint",
                credentialsEndpoint,
                "give the host name of your account's credentials provider (" + FIND_ENDPOINT + ")");
        if (DATA_ENDPOINT.matcher(address.host()).matches()) {
            throw new IllegalArgumentException("Option credentialsEndpoint '" + credentialsEndpoint
                    + "' is a data endpoint, which gives no credentials: give what " + FIND_ENDPOINT + " prints");
        }
        return new RoleAliasRequest(
                address.host(), address.port() == null ? HTTPS_PORT : address.port(), roleAlias, thingName);
    }

    /** Returns the request for credentials. */
    FullHttpRequest request() {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, "/role-aliases/" + name + "/credentials", Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, new ServerAddress(host, port, null, null).authority())
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (thingName != null) {
            request.headers().set("x-amzn-iot-thingname", thingName);
        }
        return request;
    }

    /** Returns the role alias and its endpoint, for messages. */
    @Override
    public String toString() {
        return "role alias '" + name + "' from " + host;
    }
}
