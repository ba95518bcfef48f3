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
package io.cameliot.azure.dps.monitor;

import io.cameliot.common.text.ForeignText;
import io.cameliot.common.text.TextTable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.DevConsole;
import org.apache.camel.support.console.AbstractDevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;

/**
 * The developer console {@code azure-dps}: the registrations of each endpoint of the Camel context.
 *
 * @see <a href="https://camel.apache.org/manual/camel-console.html">Camel Console</a>
 */
@DevConsole(name = DpsConsole.ID, displayName = DpsConsole.DISPLAY_NAME, description = DpsConsole.DESCRIPTION)
public class DpsConsole extends AbstractDevConsole {

    static final String ID = "azure-dps";
    static final String DISPLAY_NAME = "Azure DPS";
    static final String DESCRIPTION = "Registrations with Azure DPS: in progress, waiting, assigned and failed";

    public DpsConsole() {
        super("camel", ID, DISPLAY_NAME, DESCRIPTION);
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        TextTable table = new TextTable();
        table.add("ID-SCOPE", "REGISTRATION-ID", "SERVICE", "ACTIVE", "WAITING", "ASSIGNED", "FAILED");
        for (RegistrationFigures endpoint : endpoints()) {
            table.add(
                    endpoint.getIdScope(),
                    endpoint.getRegistrationId(),
                    endpoint.getServiceUrl(),
                    endpoint.getActiveRegistrations(),
                    endpoint.getWaitingRegistrations(),
                    endpoint.getAssignedTotal(),
                    endpoint.getFailedTotal());
        }
        return table.toString();
    }

    @Override
    protected JsonObject doCallJson(Map<String, Object> options) {
        JsonArray endpoints = new JsonArray();
        endpoints().forEach(endpoint -> endpoints.add(json(endpoint)));
        JsonObject root = new JsonObject();
        root.put("endpoints", endpoints);
        return root;
    }

    private static JsonObject json(RegistrationFigures endpoint) {
        JsonObject json = new JsonObject();
        json.put("idScope", ForeignText.escaped(endpoint.getIdScope()));
        json.put("registrationId", ForeignText.escaped(endpoint.getRegistrationId()));
        json.put("service", endpoint.getServiceUrl());
        json.put("active", endpoint.getActiveRegistrations());
        json.put("waiting", endpoint.getWaitingRegistrations());
        json.put("assigned", endpoint.getAssignedTotal());
        json.put("failed", endpoint.getFailedTotal());
        return json;
    }

    private List<RegistrationFigures> endpoints() {
        return getCamelContext().getEndpoints().stream()
                .filter(RegistrationFigures.class::isInstance)
                .sorted(Comparator.comparing(Endpoint::getEndpointUri))
                .map(RegistrationFigures.class::cast)
                .toList();
    }
}
