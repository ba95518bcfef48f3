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
import org.apache.camel.support.DefaultEndpoint;

/** What the endpoints of the components are alike in: their URIs hold secrets, which are masked wherever they are shown. */
public abstract class DeviceEndpoint extends DefaultEndpoint {

    private final String uri;

    /**
     * An endpoint whose options are still to be set.
     *
     * @param uri      with its secrets; never shown
     * @param shownUri the same with its secrets masked
     */
    protected DeviceEndpoint(String uri, String shownUri, DeviceComponent component) {
        super(shownUri, component);
        this.uri = uri;
    }

    /** The options of this endpoint alone. */
    protected abstract TlsConfiguration options();

    /**
     * Checks all that can be checked without files and network, so that a mistake shows where the URI stands, before any
     * route starts.
     *
     * @throws IllegalArgumentException names the option, its value unless it is a secret, and what is allowed
     */
    protected abstract void checkOptions();

    /**
     * By the URI with its secrets, which may be all that two endpoints differ in. Camel can make an endpoint of a dynamic URI
     * more than once when it is first used by several threads, and then takes the equal ones for one.
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
