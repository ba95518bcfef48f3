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
package io.cameliot.benchmarks.report;

import io.cameliot.benchmarks.plan.Goal;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/** The reasons for goals that are not reached, found by profiling and written by hand, by the goal's id. */
final class Reasons {

    private static final String FILE = "reasons.properties";

    private Reasons() {}

    static Optional<String> of(Goal goal) {
        Properties reasons = new Properties();
        try (InputStream in = Reasons.class.getResourceAsStream(FILE);
                Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            reasons.load(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.ofNullable(reasons.getProperty(goal.id()));
    }
}
