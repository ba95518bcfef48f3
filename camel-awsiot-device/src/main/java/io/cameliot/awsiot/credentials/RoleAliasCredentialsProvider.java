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

import io.cameliot.common.camel.DeviceComponent;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.retry.OptionDuration;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.service.ServiceHelper;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * Credentials that AWS IoT gives for the certificate of a device, by a role alias, for any client of the AWS SDK and for
 * Camel's {@code aws2-} components. A bean of the Camel context: set {@code credentialsEndpoint}, {@code roleAlias} and
 * the certificate, and {@code caFile}, {@code connectTo} and {@code proxy} as in a URI of {@code awsiot-device}.
 *
 * <p>Credentials are fetched when a client asks, and kept until five minutes before they expire. Clients that ask at the
 * same time wait for one request. A refusal (4xx) is remembered for 120 seconds, an error of the service (5xx) for 60,
 * another answer for 300, a failed connection for one. When new credentials cannot be had, those that have not expired
 * stay in use.
 *
 * <p>The requests run on the threads of component {@code awsiot-device}, which is started with the first one.
 * Thread-safe once its properties are set.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html">AWS IoT Developer
 *     Guide, Authorizing direct calls to AWS services using AWS IoT Core credential provider</a>
 */
public class RoleAliasCredentialsProvider extends TlsConfiguration
        implements AwsCredentialsProvider, CamelContextAware {

    private static final String COMPONENT = "awsiot-device";

    private final Clock clock;
    private CamelContext camelContext;
    private String credentialsEndpoint;
    private String roleAlias;
    private String thingName;
    private Duration connectionTimeout = Duration.ofSeconds(30);
    private RoleAliasCredentials credentials; // guarded by this

    public RoleAliasCredentialsProvider() {
        this(Clock.systemUTC());
    }

    RoleAliasCredentialsProvider(Clock clock) {
        this.clock = clock;
    }

    /**
     * Checks the properties, without reading a file. The first request does so too; as the bean's init method it lets a
     * mistake fail the start.
     *
     * @throws IllegalArgumentException if a property is missing or wrong; the message names it
     */
    public void checkOptions() {
        credentials();
    }

    private synchronized RoleAliasCredentials credentials() {
        if (credentials == null) {
            if (camelContext == null) {
                throw new IllegalStateException("The provider of role alias '" + roleAlias
                        + "' has no Camel context: bind it to the registry as a bean, or call setCamelContext");
            }
            if (connectionTimeout.isZero() || connectionTimeout.isNegative()) {
                throw new IllegalArgumentException("Option connectionTimeout="
                        + TimeUnit.MILLISECONDS.convert(connectionTimeout) + " ms must be more than 0");
            }
            checkSecrets();
            credentials = RoleAliasCredentials.of(
                    new RoleAliasCredentials.Options(
                            credentialsEndpoint, roleAlias, thingName, OptionDuration.of(connectionTimeout)),
                    this,
                    camelContext.getComponent(COMPONENT, DeviceComponent.class),
                    clock);
        }
        return credentials;
    }

    private RoleAliasCredentials started() {
        RoleAliasCredentials checked = credentials();
        if (camelContext.isStarting() || camelContext.isStarted()) {
            // Camel starts its components before routes; a client may ask before that.
            ServiceHelper.startService(camelContext.getComponent(COMPONENT));
        }
        return checked;
    }

    /**
     * Returns credentials. Waits for them if there are none yet, for at most {@code connectionTimeout} and a second.
     *
     * @throws RoleAliasException if AWS gives none; the message says why
     * @throws IllegalArgumentException if a property or a file is unusable; the message names it
     * @throws IllegalStateException if the Camel context is not started
     */
    @Override
    public AwsCredentials resolveCredentials() {
        return started().resolveCredentials();
    }

    /** Returns credentials as {@link #resolveCredentials()} does, without waiting. */
    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        try {
            return started().resolveIdentity(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public String getCredentialsEndpoint() {
        return credentialsEndpoint;
    }

    /**
     * Sets the host name of the account's credentials provider, as
     * {@code aws iot describe-endpoint --endpoint-type iot:CredentialProvider} prints it.
     */
    public void setCredentialsEndpoint(String credentialsEndpoint) {
        this.credentialsEndpoint = credentialsEndpoint;
    }

    public String getRoleAlias() {
        return roleAlias;
    }

    /** Sets the name of the role alias. */
    public void setRoleAlias(String roleAlias) {
        this.roleAlias = roleAlias;
    }

    public String getThingName() {
        return thingName;
    }

    /** Sets the thing to which the certificate is attached. Needed only if a policy has variables of the thing. */
    public void setThingName(String thingName) {
        this.thingName = thingName;
    }

    public Duration getConnectionTimeout() {
        return connectionTimeout;
    }

    /** Sets the time limit of a request, from dialling to its answer. 30 seconds by default. */
    public void setConnectionTimeout(Duration connectionTimeout) {
        this.connectionTimeout = connectionTimeout;
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "RoleAliasCredentialsProvider[" + roleAlias + "]";
    }
}
