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
package io.cameliot.testinfra.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.cloud.Thing;
import io.cameliot.testinfra.awsiot.cloud.ThingShadow;
import io.cameliot.testinfra.awsiot.command.CommandReport;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.gateway.ConnectionInfo;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.job.QueuedExecution;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription;
import io.cameliot.testinfra.awsiot.provisioning.ProvisionedThing;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the emulator of AWS IoT Core knows, as JSON. */
final class AwsIotView {
    /** More connections are only counted. */
    private static final int MOST_CONNECTIONS = 200;

    private static final int ID_CHARACTERS = 12;

    private final AwsIotEmulator aws;

    AwsIotView(AwsIotEmulator aws) {
        this.aws = aws;
    }

    /** Endpoint, ports, counters and open connections. */
    ObjectNode state() {
        ObjectNode json = JsonReply.object().put("endpoint", aws.endpoint());
        ObjectNode ports = json.putObject("ports");
        for (GatewayPort port : GatewayPort.values()) {
            ports.put(Integer.toString(port.wellKnownPort()), aws.port(port));
        }
        json.putObject("counters")
                .put("connects", aws.counters().connects())
                .put("refusedConnects", aws.counters().refusedConnects())
                .put("failedHandshakes", aws.counters().handshakeFailures())
                .put("published", aws.counters().publishes())
                .put("delivered", aws.counters().deliveries());
        List<ConnectionInfo> connections = aws.connections();
        json.put("connectionsTotal", connections.size());
        ArrayNode shown = json.putArray("connections");
        connections.stream()
                .sorted(Comparator.comparing(ConnectionInfo::since).reversed())
                .limit(MOST_CONNECTIONS)
                .map(this::connection)
                .forEach(shown::add);
        return json;
    }

    private ObjectNode connection(ConnectionInfo connection) {
        ObjectNode json = JsonReply.object()
                .put("clientId", connection.clientId())
                .put("row", row(connection))
                .put("mqtt", connection.mqttVersion())
                .put("tls", connection.tlsVersion())
                .put("principal", shortened(connection.principal()))
                .put("since", connection.since().toString())
                .put("keepAliveSeconds", connection.keepAliveSeconds())
                .put("cleanStart", connection.cleanSession())
                .put("published", connection.publishes())
                .put("delivered", connection.deliveries())
                .put("inFlight", connection.inFlight());
        DevicePolicy policy = aws.policyOf(connection.clientId(), connection.principal());
        if (policy != DevicePolicy.ALLOW_ALL) {
            json.set("policy", PolicyJson.write(policy));
        }
        ArrayNode filters = json.putArray("subscriptions");
        connection.topicFilters().stream().sorted().forEach(filters::add);
        return json;
    }

    /** The row of "Protocols, port mappings, and authentication" in the AWS IoT Core Developer Guide. */
    private static String row(ConnectionInfo connection) {
        String authentication =
                switch (connection.principal().authentication()) {
                    case X509 -> "X.509";
                    case SIGV4 -> "Signature Version 4";
                    case CUSTOM -> "custom authorizer";
                };
        String alpn = connection.applicationProtocols().isEmpty()
                ? ""
                : ", ALPN " + String.join(", ", connection.applicationProtocols());
        return (connection.webSocket() ? "MQTT over WebSocket, " : "MQTT, ") + authentication + ", port "
                + connection.port().wellKnownPort() + alpn;
    }

    private static String shortened(Principal principal) {
        String id = principal.identifier();
        return id.length() > ID_CHARACTERS ? id.substring(0, ID_CHARACTERS) + "…" : id;
    }

    ArrayNode thingNames() {
        ArrayNode names = JsonReply.array();
        aws.thingNames().forEach(names::add);
        return names;
    }

    /** Shadows, jobs and commands of a thing. */
    ObjectNode thing(String name) {
        Thing thing = aws.thing(name);
        ObjectNode json = JsonReply.object().put("name", name);
        ArrayNode shadows = json.putArray("shadows");
        shadows.add(shadow("", thing.shadow()));
        thing.shadowNames().forEach(shadow -> shadows.add(shadow(shadow, thing.shadow(shadow))));
        ArrayNode jobs = json.putArray("jobs");
        aws.jobs().executions(name).forEach(execution -> jobs.add(job(execution)));
        ArrayNode commands = json.putArray("commands");
        aws.commands().of(name).forEach(command -> commands.add(command(command)));
        return json;
    }

    /** The commands of a client, which may be none of a thing. */
    ArrayNode commandsOf(String clientId) {
        ArrayNode json = JsonReply.array();
        aws.commands().of(CommandTarget.client(clientId)).forEach(command -> json.add(command(command)));
        return json;
    }

    /** The custom authorizers; of tokens and passwords only how many are accepted. */
    ArrayNode authorizers() {
        ArrayNode json = JsonReply.array();
        Optional<String> defaultName = aws.defaultAuthorizer();
        aws.authorizers().forEach((name, authorizer) -> json.addObject()
                .put("name", name)
                .put("tokenKeyName", authorizer.tokenKeyName())
                .put("signed", authorizer.signingKey().isPresent())
                .put("acceptedTokens", authorizer.acceptedTokens().size())
                .put("acceptedUsers", authorizer.acceptedPasswords().size())
                .put("isDefault", defaultName.filter(name::equals).isPresent()));
        return json;
    }

    private static ObjectNode shadow(String name, ThingShadow shadow) {
        ObjectNode json = JsonReply.object()
                .put("name", name)
                .put("exists", shadow.exists())
                .put("version", shadow.version());
        json.set("desired", shadow.desired());
        json.set("reported", shadow.reported());
        json.set("delta", shadow.delta());
        return json;
    }

    private static ObjectNode job(QueuedExecution execution) {
        ObjectNode json = JsonReply.object()
                .put("id", execution.job().id())
                .put("number", execution.number())
                .put("state", execution.state().name())
                .put("version", execution.version())
                .put("updated", execution.times().updated().toString());
        ObjectNode details = json.putObject("statusDetails");
        execution.statusDetails().forEach(details::put);
        return json;
    }

    private static ObjectNode command(SentCommand command) {
        ObjectNode json = JsonReply.object()
                .put("id", command.executionId())
                .put("state", command.state().name());
        ArrayNode history = json.putArray("history");
        command.history().forEach(report -> history.add(report(report)));
        command.result().ifPresent(result -> json.set("result", result));
        return json;
    }

    private static JsonNode report(CommandReport report) {
        ObjectNode json = JsonReply.object().put("state", report.state().name());
        report.reasonCode().ifPresent(code -> json.put("reasonCode", code));
        report.reasonDescription().ifPresent(text -> json.put("reasonDescription", text));
        return json;
    }

    /** Templates of fleet provisioning, the things that were registered, and the certificates that are known. */
    ObjectNode provisioning() {
        ObjectNode json = JsonReply.object();
        json.set("authorizers", authorizers());
        ArrayNode templates = json.putArray("templates");
        aws.provisioning().templates().stream()
                .sorted(Comparator.comparing(ProvisioningTemplate::name))
                .forEach(template -> {
                    ArrayNode required =
                            templates.addObject().put("name", template.name()).putArray("requiredParameters");
                    template.requiredParameters().stream().sorted().forEach(required::add);
                });
        ArrayNode things = json.putArray("things");
        for (ProvisionedThing thing : aws.provisioning().things()) {
            things.addObject().put("name", thing.name()).put("template", thing.template());
        }
        ArrayNode certificates = json.putArray("certificates");
        for (CertificateDescription certificate :
                aws.provisioning().certificates().all()) {
            certificates
                    .addObject()
                    .put("id", certificate.certificateId().substring(0, ID_CHARACTERS) + "…")
                    .put("purpose", certificate.purpose().name())
                    .put("state", certificate.state().name())
                    .put("thing", certificate.thingName().orElse(""));
        }
        return json;
    }
}
