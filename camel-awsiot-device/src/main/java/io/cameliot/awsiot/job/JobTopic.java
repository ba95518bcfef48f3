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
package io.cameliot.awsiot.job;

import io.cameliot.awsiot.topic.TopicRules;

/**
 * The topics of the jobs of one thing.
 *
 * @param thing name of the thing
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html">Jobs device MQTT API
 *     operations</a>
 */
public record JobTopic(String thing) {

    private static final String PREFIX = "$aws/things/";
    private static final String SUFFIX = "/jobs/start-next";

    /**
     * Parses the topic filter of a consumer.
     *
     * @return null if it is not a topic filter of jobs
     * @throws IllegalArgumentException if it is one of jobs, but not for one thing
     */
    public static JobTopic of(String filter) {
        String plain = TopicRules.withoutSharePrefix(filter);
        if (!plain.startsWith(PREFIX)
                || !plain.endsWith(SUFFIX)
                || plain.length() <= PREFIX.length() + SUFFIX.length()) {
            return null;
        }
        String thing = plain.substring(PREFIX.length(), plain.length() - SUFFIX.length());
        if (thing.indexOf('/') >= 0) {
            return null;
        }
        if (thing.equals("+") || !plain.equals(filter)) {
            throw new IllegalArgumentException(
                    "Topic filter '" + filter + "': jobs are run for one thing, by a consumer of" + " '" + PREFIX
                            + "<thing name>" + SUFFIX + "'");
        }
        return new JobTopic(thing);
    }

    /** Returns the topic of requests for the next job. */
    public String startNext() {
        return PREFIX + thing + SUFFIX;
    }

    /** Returns the topic on which new jobs are announced. */
    public String notifyNext() {
        return PREFIX + thing + "/jobs/notify-next";
    }

    String update(String jobId) {
        return PREFIX + thing + "/jobs/" + jobId + "/update";
    }
}
