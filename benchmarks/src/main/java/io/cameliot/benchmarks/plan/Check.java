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
package io.cameliot.benchmarks.plan;

import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import java.util.Optional;

/**
 * A limit for a figure of ours: a minimum where more is better, a maximum where less is better.
 *
 * @param caseId id of the case
 * @param metric the figure
 * @param other the peer by whose figure ours is divided; empty for no division
 * @param limit the limit
 */
public record Check(String caseId, Metric metric, Optional<Peer> other, double limit) {

    static Check times(double limit, Peer other, String caseId, Metric metric) {
        return new Check(caseId, metric, Optional.of(other), limit);
    }

    static Check value(double limit, String caseId, Metric metric) {
        return new Check(caseId, metric, Optional.empty(), limit);
    }

    public boolean isMetBy(double figure) {
        return metric.moreIsBetter() ? figure >= limit : figure <= limit;
    }
}
