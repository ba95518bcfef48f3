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
package io.cameliot.awsiot.catchup;

import io.cameliot.awsiot.service.ReservedRequest;
import io.cameliot.awsiot.service.ServiceCall;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The topics of events that AWS IoT Core does not repeat for a device that was offline. Each constant gives a topic and
 * the request for its current state.
 */
public enum CatchUpTopic {
    SHADOW_DELTA("$aws/things/<thing>/shadow/update/delta", "shadow/get", SeenDeltas::new),
    NAMED_SHADOW_DELTA(
            "$aws/things/<thing>/shadow/name/<shadow>/update/delta", "shadow/name/<shadow>/get", SeenDeltas::new),
    NEXT_JOB("$aws/things/<thing>/jobs/notify-next", "jobs/$next/get", () -> new SeenJobs(JobEvent.NEXT)),
    JOBS("$aws/things/<thing>/jobs/notify", "jobs/get", () -> new SeenJobs(JobEvent.PENDING));

    private static final String THING = "$aws/things/<thing>/";

    private final String form;
    private final Pattern pattern;
    private final String request;
    private final Supplier<SeenState> memory;

    CatchUpTopic(String form, String request, Supplier<SeenState> memory) {
        this.form = form;
        this.pattern = Pattern.compile(Pattern.quote(form)
                .replace("<thing>", "\\E(?<thing>[^/+#]+)\\Q")
                .replace("<shadow>", "\\E(?<shadow>[^/+#]+)\\Q"));
        this.request = request;
        this.memory = memory;
    }

    /**
     * Finds the topic.
     *
     * @param topic topic of a consumer with option {@code catchUp}
     * @throws IllegalArgumentException if there is no request for the current state of this topic
     */
    public static CatchUpTopic of(String topic) {
        return Arrays.stream(values())
                .filter(each -> each.pattern.matcher(topic).matches())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Option catchUp=true is not possible with topic '"
                        + topic
                        + "': it is for the topics "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(each -> each.form).toList())
                        + ", without wildcards"));
    }

    /** Returns the request for the state that the events of a topic describe. */
    ServiceCall request(String topic) {
        Matcher names = pattern.matcher(topic);
        if (!names.matches()) {
            throw new IllegalArgumentException("Topic '" + topic + "' is not of the form " + form);
        }
        String asked = (THING + request).replace("<thing>", names.group("thing"));
        return ReservedRequest.of(
                this == NAMED_SHADOW_DELTA ? asked.replace("<shadow>", names.group("shadow")) : asked);
    }

    SeenState newMemory() {
        return memory.get();
    }
}
