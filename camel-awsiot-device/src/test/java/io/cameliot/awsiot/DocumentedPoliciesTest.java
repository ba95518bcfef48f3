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
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.cloud.SentCommand;
import io.cameliot.testinfra.awsiot.command.CommandState;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.job.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page's sections with a policy: their YAML routes do their work with the policy of the section, and no more. */
class DocumentedPoliciesTest extends DeviceTestSupport {

    private static final Path PAGE = Path.of("..", "docs", "awsiot-device.md");
    private static final String ARN = "arn:aws:iot:<region>:<account>:";
    private static final String THING_NAME = "${iot:Connection.Thing.ThingName}";

    /** The kind of resource of each action. */
    private static final Map<Action, String> RESOURCES = Map.of(
            Action.CONNECT,
            "client/",
            Action.PUBLISH,
            "topic/",
            Action.SUBSCRIBE,
            "topicfilter/",
            Action.RECEIVE,
            "topic/");

    private final String thing = "thing-" + System.nanoTime();

    @BeforeEach
    void configure() {
        AwsIotDeviceConfiguration options =
                camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
        options.setConnectTo(aws.address(GatewayPort.MQTT_8883));
        options.setCaFile(device.files().authority().toString());
        camel.getPropertiesComponent().addInitialProperty("device", thing);
        camel.getPropertiesComponent().addInitialProperty("endpoint", aws.endpoint());
        camel.getPropertiesComponent()
                .addInitialProperty("certificate", device.files().certificate().toString());
        camel.getPropertiesComponent()
                .addInitialProperty("key", device.files().privateKey().toString());
    }

    @Test
    void answersACommand() throws Exception {
        start("## What AWS needs");

        aws.publish("factory/" + thing + "/commands", "go", 1);

        await().until(() ->
                !aws.receivedPublishes("factory/" + thing + "/results").isEmpty());
    }

    @Test
    void keepsAShadow() throws Exception {
        aws.thing(thing).shadow().setDesired("{\"color\":\"blue\"}");

        start("### Shadows");

        await().until(() ->
                aws.thing(thing).shadow().reported().path("color").asText().equals("blue"));
    }

    @Test
    void runsJobs() throws Exception {
        start("### Jobs");

        String job = aws.jobs().create(thing, "{}");

        await().until(() -> aws.jobs().execution(thing, job).state(), JobState.SUCCEEDED::equals);
    }

    @Test
    void carriesCommandsOut() throws Exception {
        start("### Commands");

        SentCommand command = aws.commands().send(thing, "{}");

        await().until(command::state, CommandState.SUCCEEDED::equals);
    }

    @Test
    void reportsMetrics() throws Exception {
        start("### Device Defender");

        // It is not published before its answers are subscribed.
        await().until(() -> !aws.receivedPublishes("$aws/things/" + thing + "/defender/metrics/json")
                .isEmpty());
    }

    private void start(String heading) throws Exception {
        String section = section(heading);
        DevicePolicy policy = policy(block(section, "json"));
        aws.policy(thing, policy);
        PluginHelper.getRoutesLoader(camel)
                .loadRoutes(ResourceHelper.fromString("documented.yaml", block(section, "yaml")));
        camel.start();
    }

    private static String section(String heading) throws IOException {
        List<String> rest = Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .toList();
        return String.join(
                "\n", rest.stream().takeWhile(line -> !line.startsWith("##")).toList());
    }

    private static String block(String section, String language) {
        Matcher block = Pattern.compile("(?ms)^```" + language + "\\R(.*?)^```").matcher(section);
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    private DevicePolicy policy(String json) throws JsonProcessingException {
        DevicePolicy policy = DevicePolicy.DENY_ALL;
        for (JsonNode statement : new ObjectMapper().readTree(json).get("Statement")) {
            assertThat(statement.get("Effect").asText()).isEqualTo("Allow");
            Action action = action(statement.get("Action").asText());
            for (JsonNode resource : each(statement.get("Resource"))) {
                String prefix = ARN + RESOURCES.get(action);
                assertThat(resource.asText())
                        .as(action.toString())
                        .startsWith(prefix)
                        .contains(THING_NAME);
                policy = policy.allow(
                        action, resource.asText().substring(prefix.length()).replace(THING_NAME, thing));
            }
        }
        return policy;
    }

    private static Action action(String name) {
        return RESOURCES.keySet().stream()
                .filter(action -> action.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The page has another action: " + name));
    }

    private static Iterable<JsonNode> each(JsonNode resource) {
        return resource.isArray() ? resource : List.of(resource);
    }
}
