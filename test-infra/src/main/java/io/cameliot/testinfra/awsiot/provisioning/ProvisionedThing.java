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

/**
 * A thing as of its latest registration.
 *
 * @param name its name
 * @param certificateId the certificate that it was registered with
 * @param template the template's name
 * @param parameters the device's parameters with the hook's overrides
 */
public record ProvisionedThing(String name, String certificateId, String template, Map<String, String> parameters) {
    public ProvisionedThing {
        parameters = Map.copyOf(parameters);
    }
}
