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
import io.cameliot.testinfra.awsiot.fault.Fault;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.fault.InjectedFault;
import io.cameliot.testinfra.dps.DpsEmulator;
import io.cameliot.testinfra.dps.fault.DpsFault;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The faults of both emulators: which there are, which are pending, and switches for them. */
final class FaultSwitches {
    private static final String AWS_IOT = "aws";
    private static final String DPS = "dps";

    private final AwsIotEmulator aws;
    private final DpsEmulator dps;
    private final List<RecordForm> awsForms = forms(Fault.class);
    private final List<RecordForm> dpsForms = forms(DpsFault.class);

    FaultSwitches(AwsIotEmulator aws, DpsEmulator dps) {
        this.aws = aws;
        this.dps = dps;
    }

    private static List<RecordForm> forms(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(RecordForm::new)
                .sorted(Comparator.comparing(RecordForm::name))
                .toList();
    }

    ObjectNode describe() {
        ObjectNode json = JsonReply.object();
        ObjectNode kinds = json.putObject("kinds");
        ArrayNode ofAws = kinds.putArray(AWS_IOT);
        awsForms.forEach(form -> ofAws.add(form.describe()));
        ArrayNode ofDps = kinds.putArray(DPS);
        dpsForms.forEach(form -> ofDps.add(form.describe()));
        ArrayNode pending = json.putArray("pending");
        for (InjectedFault fault : aws.faults().pending()) {
            pending.addObject()
                    .put("cloud", AWS_IOT)
                    .put("fault", fault.fault().toString())
                    .put("left", fault.times() == Faults.ALWAYS ? "always" : (fault.times() - fault.triggered()) + "");
        }
        dps.pendingFaults().forEach(fault -> pending.addObject()
                .put("cloud", DPS)
                .put("fault", fault.toString())
                .put("left", ""));
        return json;
    }

    /** Injects a fault. */
    ObjectNode inject(JsonNode request) throws BadRequestException {
        String kind = request.path("kind").asText("");
        int times = request.path("times").asInt(1);
        String client = request.path("client").asText("");
        if (times < 1) {
            throw new BadRequestException("times is 1 or more");
        }
        if (request.path("cloud").asText("").equals(DPS)) {
            injectDps((DpsFault) form(dpsForms, kind).create(request.path("values")), times, client);
        } else {
            Fault fault = (Fault) form(awsForms, kind).create(request.path("values"));
            aws.faults().inject(fault, times, id -> client.isEmpty() || id.equals(client));
        }
        return JsonReply.object().put("injected", kind);
    }

    private void injectDps(DpsFault fault, int times, String registrationId) throws BadRequestException {
        try {
            if (registrationId.isEmpty()) {
                dps.injectForAnyDevice(fault, times);
            } else {
                dps.inject(registrationId, fault, times);
            }
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(e.getMessage());
        }
    }

    private static RecordForm form(List<RecordForm> forms, String kind) throws BadRequestException {
        return forms.stream()
                .filter(form -> form.name().equals(kind))
                .findFirst()
                .orElseThrow(() -> new BadRequestException(
                        "kind is one of " + forms.stream().map(RecordForm::name).toList()));
    }

    /** Removes the faults of both emulators. */
    ObjectNode clear() {
        aws.faults().clear();
        dps.clearFaults();
        return JsonReply.object().put("cleared", true);
    }
}
