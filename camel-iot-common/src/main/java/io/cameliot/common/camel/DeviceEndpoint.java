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
package io.cameliot.common.camel;

import io.cameliot.common.identity.TlsConfiguration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultEndpoint;

/** The base of the components' endpoints. Their URIs contain secrets, which are masked wherever the URI is shown. */
public abstract class DeviceEndpoint extends DefaultEndpoint {

    private final String uri;
    private final Set<String> producerChecks = new HashSet<>(); // the ids in use; guarded by itself

    /**
     * Creates an endpoint whose options are not set yet.
     *
     * @param uri the URI with its secrets; never shown
     * @param shownUri the same URI with its secrets masked
     */
    protected DeviceEndpoint(String uri, String shownUri, DeviceComponent component) {
        super(shownUri, component);
        this.uri = uri;
    }

    /** Returns the options of this endpoint. */
    public abstract TlsConfiguration getConfiguration();

    /**
     * Checks the options as far as that is possible without files and without the network. A mistake then fails where
     * the URI is created, before any route starts.
     *
     * @throws IllegalArgumentException if an option is wrong; the message names the option, its value unless that is a
     *     secret, and the allowed values
     */
    protected abstract void checkOptions();

    /**
     * Adds the health check of a producer that starts. Camel takes checks with the same id for the same check, but the
     * producers of an endpoint each have their own state. So each gets its own id: the first one
     * {@code producer:<scheme>-<endpoint id>}, further ones the same with a number at its end.
     *
     * @param checkOf creates the check with an id
     * @return the check, to remove when the producer stops; {@code null} if the context has no checks of producers
     */
    public final HealthCheck addProducerCheck(Function<String, HealthCheck> checkOf) {
        WritableHealthCheckRepository checks = checksOfProducers();
        if (checks == null) {
            return null;
        }
        DeviceComponent component = (DeviceComponent) getComponent();
        HealthCheck check = checkOf.apply(unusedCheckId("producer:" + component.scheme() + "-" + getId()));
        check.setEnabled(component.isHealthCheckProducerEnabled());
        checks.addHealthCheck(check);
        return check;
    }

    /** Removes the health check of a producer, unless it is {@code null}. */
    public final void removeProducerCheck(HealthCheck check) {
        if (check == null) {
            return;
        }
        WritableHealthCheckRepository checks = checksOfProducers();
        if (checks != null) {
            checks.removeHealthCheck(check);
        }
        synchronized (producerChecks) {
            producerChecks.remove(check.getId());
        }
    }

    private WritableHealthCheckRepository checksOfProducers() {
        return HealthCheckHelper.getHealthCheckRepository(
                getCamelContext(), "producers", WritableHealthCheckRepository.class);
    }

    private String unusedCheckId(String first) {
        synchronized (producerChecks) {
            String id = first;
            for (int number = 2; !producerChecks.add(id); number++) {
                id = first + "-" + number;
            }
            return id;
        }
    }

    /**
     * Compares the URIs with their secrets, because two endpoints may differ in nothing else. When several threads
     * first use a dynamic URI, Camel may create its endpoint more than once and treats equal endpoints as one.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof DeviceEndpoint that
                && getCamelContext() == that.getCamelContext()
                && uri.equals(that.uri);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }
}
