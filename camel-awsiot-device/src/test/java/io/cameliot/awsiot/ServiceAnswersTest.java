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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.awsiot.service.DeviceRequestRejectedException;
import io.cameliot.awsiot.service.ReservedRequest;
import io.cameliot.testinfra.awsiot.command.CommandTarget;
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.provisioning.ProvisioningTemplate;
import io.cameliot.testinfra.pki.KeyType;
import java.io.StringWriter;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each request of the table through a route, accepted and rejected by the service that it is for. What else can happen
 * to a request is in {@link ServiceRequestTest}, where the services say nothing.
 */
class ServiceAnswersTest extends DeviceTestSupport {

    private final String thing = "thing-" + System.nanoTime();
    private final String things = "$aws/things/" + thing + "/";

    /**
     * A request that its service accepts, and one that it rejects.
     *
     * @param field a field of the accepted answer that no other answer has
     * @param code the code of the rejection
     */
    private record Requests(
            String topic, String body, String field, String rejectedTopic, String rejectedBody, String code) {}

    @ParameterizedTest
    @EnumSource(ReservedRequest.class)
    void goesOnWithTheAnswerOfTheService(ReservedRequest row) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").toD(uri("${header.topic}", thing, "&requestTimeout=60s"));
            }
        });
        camel.start();
        Requests requests = requests(row);
        assertThat(ReservedRequest.of(requests.topic()).request()).isEqualTo(row);
        assertThat(ReservedRequest.of(requests.rejectedTopic()).request()).isEqualTo(row);

        Exchange rejected = ask(requests.rejectedTopic(), requests.rejectedBody());
        Exchange accepted = ask(requests.topic(), requests.body());

        assertThat(rejected.getException())
                .isInstanceOfSatisfying(
                        DeviceRequestRejectedException.class,
                        rejection -> assertThat(rejection.getCode()).isEqualTo(requests.code()));
        assertThat(accepted.getException()).isNull();
        assertThat(json(accepted).has(requests.field()))
                .as(json(accepted).toString())
                .isTrue();
    }

    private Requests requests(ReservedRequest row) throws Exception {
        return switch (row) {
            case SHADOW_GET -> shadowGet("shadow");
            case SHADOW_UPDATE -> shadowUpdate("shadow");
            case SHADOW_DELETE -> shadowDelete("shadow");
            case NAMED_SHADOW_GET -> shadowGet("shadow/name/config");
            case NAMED_SHADOW_UPDATE -> shadowUpdate("shadow/name/config");
            case NAMED_SHADOW_DELETE -> shadowDelete("shadow/name/config");
            case PENDING_JOBS -> {
                // The service has no reason of its own to reject it.
                aws.faults().inject(new Fault.RejectRequest(things + "jobs/get", "InvalidRequest", "injected"), 1);
                yield sameTopic(things + "jobs/get", "", "queuedJobs", "", "InvalidRequest");
            }
            case START_NEXT_JOB -> {
                aws.jobs().create(thing, "{}");
                yield sameTopic(
                        things + "jobs/start-next", "", "execution", "{\"stepTimeoutInMinutes\":0}", "InvalidRequest");
            }
            case DESCRIBE_JOB ->
                new Requests(
                        things + "jobs/" + aws.jobs().create(thing, "{}") + "/get",
                        "",
                        "execution",
                        things + "jobs/none/get",
                        "",
                        "ResourceNotFound");
            case UPDATE_JOB ->
                new Requests(
                        things + "jobs/" + aws.jobs().create(thing, "{}") + "/update",
                        "{\"status\":\"IN_PROGRESS\",\"includeJobExecutionState\":true}",
                        "executionState",
                        things + "jobs/none/update",
                        "{\"status\":\"IN_PROGRESS\"}",
                        "ResourceNotFound");
            case COMMAND_RESPONSE -> command("things", CommandTarget.thing(thing));
            case CLIENT_COMMAND_RESPONSE -> command("clients", CommandTarget.client(thing));
            case CREATE_KEYS_AND_CERTIFICATE ->
                sameTopic("$aws/certificates/create/json", "{}", "privateKey", "no JSON", "InvalidPayload");
            case CREATE_CERTIFICATE_FROM_CSR ->
                sameTopic(
                        "$aws/certificates/create-from-csr/json",
                        json(Map.of("certificateSigningRequest", signingRequest())),
                        "certificatePem",
                        json(Map.of("certificateSigningRequest", "no PEM")),
                        "InvalidCertificateSigningRequest");
            case REGISTER_THING -> {
                aws.provisioning().createTemplate(ProvisioningTemplate.named("factory"));
                JsonNode created = json(ask("$aws/certificates/create/json", "{}"));
                yield sameTopic(
                        "$aws/provisioning-templates/factory/provision/json",
                        registration(created.get("certificateOwnershipToken").asText()),
                        "thingName",
                        registration("another's"),
                        "InvalidCertificateOwnershipToken");
            }
            case REPORT_METRICS ->
                sameTopic(
                        things + "defender/metrics/json",
                        "{\"header\":{\"report_id\":1,\"version\":\"1.0\"},\"metrics\":{}}",
                        "reportId",
                        "{\"metrics\":{}}",
                        "InvalidPayload");
        };
    }

    private Requests shadowGet(String shadow) {
        makeShadow();
        return shadow(shadow, "/get", "", "state", "", "404");
    }

    private Requests shadowDelete(String shadow) {
        makeShadow();
        return shadow(shadow, "/delete", "", "version", "", "404");
    }

    private Requests shadow(
            String shadow, String request, String body, String field, String rejectedBody, String code) {
        return new Requests(
                things + shadow + request, body, field, "$aws/things/none/" + shadow + request, rejectedBody, code);
    }

    private Requests shadowUpdate(String shadow) {
        makeShadow();
        return sameTopic(
                things + shadow + "/update",
                "{\"state\":{\"reported\":{\"n\":2}}}",
                "metadata",
                "{\"state\":{\"reported\":{\"n\":3}},\"version\":77}",
                "409");
    }

    private void makeShadow() {
        aws.thing(thing).shadow().setReported("{\"n\":1}");
        aws.thing(thing).shadow("config").setReported("{\"n\":1}");
    }

    private Requests command(String kind, CommandTarget target) {
        String executions = "$aws/commands/" + kind + "/" + thing + "/executions/";
        String execution = aws.commands()
                .send(target, bytes("{}"), "application/json", Duration.ofMinutes(1))
                .executionId();
        return new Requests(
                executions + execution + "/response/json",
                "{\"status\":\"SUCCEEDED\"}",
                "executionId",
                executions + "none/response/json",
                "{\"status\":\"SUCCEEDED\"}",
                "ResourceNotFound");
    }

    private static Requests sameTopic(String topic, String body, String field, String rejectedBody, String code) {
        return new Requests(topic, body, field, topic, rejectedBody, code);
    }

    private static String registration(String token) throws Exception {
        return json(Map.of("certificateOwnershipToken", token, "parameters", Map.of("SerialNumber", "17")));
    }

    private static String signingRequest() throws Exception {
        KeyPair keys = KeyType.EC.generate();
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=thing"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        }
        return pem.toString();
    }

    private Exchange ask(String topic, String body) {
        return camel.createProducerTemplate().request("direct:ask", exchange -> {
            exchange.getIn().setHeader("topic", topic);
            exchange.getIn().setBody(body);
        });
    }

    private static String json(Map<String, Object> object) throws Exception {
        return new ObjectMapper().writeValueAsString(object);
    }

    private static JsonNode json(Exchange exchange) throws Exception {
        return new ObjectMapper().readTree(exchange.getMessage().getBody(byte[].class));
    }
}
