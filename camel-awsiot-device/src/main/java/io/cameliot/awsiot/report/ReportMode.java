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
package io.cameliot.awsiot.report;

/** Who reports the outcome of a job or of a command. The names are the values of option {@code report}. */
public enum ReportMode {
    /** The consumer, when the route has finished. */
    afterRoute,
    /**
     * The consumer, which also reports that a command is in progress when the command enters the route. A job is in
     * progress once it is started.
     */
    aroundRoute,
    /** The route. */
    none
}
