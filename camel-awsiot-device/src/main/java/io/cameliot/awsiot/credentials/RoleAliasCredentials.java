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
import io.cameliot.common.camel.MqttThreads;
import io.cameliot.common.camel.OptionAdvice;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.identity.TlsContextFactory;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.transport.ConnectAdvice;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsOffer;
import io.cameliot.common.transport.TlsTarget;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * The credentials of a role alias. They are fetched when somebody asks, and kept by a {@link CredentialsCache}. There is
 * nothing to close: no connection and no thread remains between two requests.
 *
 * <p>Instances with the same options are equal, so that endpoints with them share a connection, and with it the
 * credentials.
 */
public final class RoleAliasCredentials implements AwsCredentialsProvider {

    private static final ConnectAdvice ADVICE = new OptionAdvice("credentialsEndpoint", "connectTo");

    /** For the hand-over between threads. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final RoleAliasRequest role;
    private final TlsContextFactory tls;
    private final ServerAddress address;
    private final Duration timeout;
    private final Supplier<MqttThreads> threads;
    private final CredentialsCache cache;

    RoleAliasCredentials(
            RoleAliasRequest role,
            TlsContextFactory tls,
            ServerAddress address,
            Duration timeout,
            Supplier<MqttThreads> threads,
            Clock clock) {
        this.role = role;
        this.tls = tls;
        this.address = address;
        this.timeout = timeout;
        this.threads = threads;
        this.cache =
                new CredentialsCache(role.toString(), () -> fetch(threads.get(), clock), timeout.plus(MARGIN), clock);
    }

    private CompletableFuture<AwsSessionCredentials> fetch(MqttThreads threads, Clock clock) {
        return threads == null
                ? CompletableFuture.failedFuture(new IllegalStateException(
                        "Component awsiot-device is not started, on whose threads credentials are" + " fetched"))
                : new CredentialsFetch(role, this::target, timeout, threads, clock).start();
    }

    /** The options that name a role alias. */
    public record Options(String credentialsEndpoint, String roleAlias, String thingName, Duration timeout) {}

    /**
     * Checks the options. Files are read with the first request.
     *
     * @param options the options that name the role alias
     * @param tls certificate and key of the device, {@code connectTo} and {@code proxy}
     * @param component its threads send the requests
     * @throws IllegalArgumentException if an option is missing or wrong; the message names it
     */
    public static RoleAliasCredentials of(Options options, TlsConfiguration tls, DeviceComponent component) {
        return of(options, tls, component, Clock.systemUTC());
    }

    static RoleAliasCredentials of(Options options, TlsConfiguration tls, DeviceComponent component, Clock clock) {
        RoleAliasRequest role =
                RoleAliasRequest.check(options.credentialsEndpoint(), options.roleAlias(), options.thingName());
        if (tls.getSslContextParameters() == null
                && tls.clientCertificateOptions().isEmpty()) {
            throw new IllegalArgumentException("Option roleAlias needs the device's certificate: set options"
                    + " certificateFile and privateKeyFile, or keyStoreFile, or sslContextParameters");
        }
        TlsContextFactory context = new TlsContextFactory(component.getCamelContext(), tls, component.trust());
        context.checkOptions();
        return new RoleAliasCredentials(
                role,
                context,
                new ServerAddress(role.host(), role.port(), tls.connectToAddress(), tls.proxyAddress()),
                options.timeout(),
                component::threads,
                clock);
    }

    /**
     * Reads certificate and key.
     *
     * @throws IllegalArgumentException if a file is unusable; the message names its option
     */
    public void requireFiles() {
        tls.create();
    }

    private TlsTarget target() {
        return new TlsTarget(address, TlsOffer.of(tls.create()), null, timeout, ADVICE);
    }

    /**
     * Returns credentials, without waiting.
     *
     * @return completes on an event loop or at once; fails with {@link RoleAliasException} if AWS gives none, and with
     *     {@link IllegalArgumentException} if a file is unusable
     */
    public CompletableFuture<AwsSessionCredentials> credentials() {
        return cache.get();
    }

    /**
     * Lets the next request fetch new credentials, with the certificate as it then is. The present ones stay in use if
     * that fails, until they expire.
     */
    public void renew() {
        cache.expire();
    }

    /**
     * Waits for credentials, for at most {@code connectionTimeout} and a second. Not for event loops, see
     * {@link #resolveIdentity}.
     */
    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return credentials().get(timeout.plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new RoleAliasException(
                            "No credentials for " + role + ": " + FailureText.of(e.getCause()), null, e.getCause());
        } catch (TimeoutException e) {
            throw new RoleAliasException("No credentials for " + role + " within connectionTimeout", null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RoleAliasException("Interrupted while waiting for credentials for " + role, null, e);
        }
    }

    /**
     * Returns credentials without waiting, for the asynchronous clients of the AWS SDK. They go on at once, or on a pool
     * thread, never on an event loop.
     */
    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        MqttThreads running = threads.get();
        CompletableFuture<AwsSessionCredentials> asked = credentials();
        return (asked.isDone() || running == null
                        ? asked
                        : asked.whenCompleteAsync((credentials, failure) -> {}, running.io()))
                .thenApply(AwsCredentialsIdentity.class::cast);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoleAliasCredentials that
                && role.equals(that.role)
                && tls.equals(that.tls)
                && address.equals(that.address)
                && timeout.equals(that.timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(role, tls, address, timeout);
    }

    @Override
    public String toString() {
        return role.toString();
    }
}
