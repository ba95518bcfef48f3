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
package io.cameliot.testinfra.awsiot.provisioning;

import java.util.Map;

/** A checked registration that waits for the decision of its template's hook. */
public final class Registration {
    private final ProvisioningTemplate template;
    private final PreProvisioningHook.Request hookRequest;
    private final String ownershipToken;

    Registration(ProvisioningTemplate template, PreProvisioningHook.Request hookRequest, String ownershipToken) {
        this.template = template;
        this.hookRequest = hookRequest;
        this.ownershipToken = ownershipToken;
    }

    /** Returns the template as of the start of the registration. */
    public ProvisioningTemplate template() {
        return template;
    }

    /** Returns the request to the hook. */
    public PreProvisioningHook.Request hookRequest() {
        return hookRequest;
    }

    String ownershipToken() {
        return ownershipToken;
    }

    Map<String, String> parameters() {
        return hookRequest.parameters();
    }
}
