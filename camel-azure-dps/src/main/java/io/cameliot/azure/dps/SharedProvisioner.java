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
package io.cameliot.azure.dps;

/**
 * The one {@link Provisioner} of an endpoint, for as long as a producer or consumer of the endpoint runs. With the last
 * of them its threads and connections end.
 */
final class SharedProvisioner {

    private final DpsEndpoint endpoint;
    private volatile Provisioner provisioner; // written with the lock held
    private int users; // guarded by this

    SharedProvisioner(DpsEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Joins the users; each must {@link #release()} once.
     *
     * @throws IllegalArgumentException if an option names a file or directory that can't be used
     */
    synchronized Provisioner acquire() {
        if (users == 0) {
            provisioner = new Provisioner(endpoint);
            endpoint.getComponent().provisioners().add(provisioner);
        }
        users++;
        return provisioner;
    }

    synchronized void release() {
        users--;
        if (users == 0) {
            endpoint.getComponent().provisioners().remove(provisioner);
            provisioner.close();
            provisioner = null;
        }
    }

    int active() {
        Provisioner running = provisioner;
        return running == null ? 0 : running.active();
    }

    int waiting() {
        Provisioner running = provisioner;
        return running == null ? 0 : running.waiting();
    }
}
