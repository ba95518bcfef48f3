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
package io.cameliot.awsiot.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The policies of the page are enough, and not more than that. */
class DocumentedPoliciesTest extends ProvisioningTestSupport {

    private static final Path PAGE = Path.of("..", "docs", "awsiot-provisioning.md");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```json\\R(.*?)^```");

    private static final Map<String, Action> ACTIONS =
            Stream.of(Action.values()).collect(Collectors.toMap(Action::toString, Function.identity()));

    @Test
    void letADeviceProvisionItselfAndPublish() throws Exception {
        JsonNode claim = document(0);
        aws.provisioning().createTemplate(template.withPolicy(policy(document(1), "sensor-17")));
        useClaim(aws.provisioning().issueClaim("documented", Optional.empty(), policy(claim, "")));
        start(provisioning(""));

        DeviceProvisioningResult result = provision(serial("17"), Map.of());

        producer.sendBody(telemetry(result).replace(":readings", ":factory/readings"), "21.5");
        assertThat(aws.receivedPublishes("factory/readings")).hasSize(1);
        assertThat(claim.toString()).contains("iot:Receive").doesNotContain("certificates/create/*");
    }

    private static JsonNode document(int index) throws IOException {
        Matcher fence = FENCE.matcher(Files.readString(PAGE));
        List<String> found = new ArrayList<>();
        while (fence.find()) {
            found.add(fence.group(1));
        }
        return new ObjectMapper().readTree(found.get(index));
    }

    private static DevicePolicy policy(JsonNode document, String thingName) {
        DevicePolicy policy = DevicePolicy.DENY_ALL;
        for (JsonNode statement : document.get("Statement")) {
            for (String action : texts(statement.get("Action"))) {
                for (String resource : texts(statement.get("Resource"))) {
                    String allowed = resource.replaceFirst("^arn:aws:iot:[^:]*:[0-9]*:[a-z]+/", "")
                            .replace("${iot:Connection.Thing.ThingName}", thingName);
                    assertThat(ACTIONS).containsKey(action);
                    policy = policy.allow(ACTIONS.get(action), allowed);
                }
            }
        }
        return policy;
    }

    private static List<String> texts(JsonNode one) {
        List<String> texts = new ArrayList<>();
        if (one.isTextual()) {
            texts.add(one.textValue());
        }
        one.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
