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
package io.cameliot.testinfra.awsiot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A job for things.
 *
 * @param id 1 to 64 letters, digits, hyphens and underscores
 * @param document the job document; must not be changed
 * @param timeout maximum time in progress, if it is limited; reports do not extend it
 */
public record JobDefinition(String id, ObjectNode document, Optional<Duration> timeout) {
    static final Pattern ID = Pattern.compile(ResourceNames.JOB);

    public JobDefinition {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "A job id has 1 to 64 letters, digits, hyphens and underscores, and not: " + id);
        }
    }

    /**
     * Creates a job without a timeout.
     *
     * @param id 1 to 64 letters, digits, hyphens and underscores
     * @param document a JSON object
     */
    public static JobDefinition of(String id, String document) {
        return new JobDefinition(id, StrictJson.read(document), Optional.empty());
    }

    /** Returns the same job with a timeout. */
    public JobDefinition withTimeout(Duration inProgress) {
        return new JobDefinition(id, document, Optional.of(inProgress));
    }
}
