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
package io.cameliot.benchmarks;

import java.time.Duration;

/** Tells how many of the measurements of a run are done, and how long the others may take. */
final class Progress {

    private final int all;
    private int done;

    Progress(int all) {
        this.all = all;
    }

    /**
     * Counts a measurement.
     *
     * @param since the time since the run began
     */
    String done(Duration since) {
        done++;
        if (done == all) {
            return done + " of " + all;
        }
        long left = since.toSeconds() * (all - done) / done;
        return done + " of " + all + ", about " + (left < 120 ? left + " s" : left / 60 + " min") + " left";
    }
}
