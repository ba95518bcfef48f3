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

/** What can be done where AWS IoT did not take what was asked of it for an execution. */
public enum ReportFailure {
    /** Ask once more, later. */
    PASSING,
    /** Nothing: the execution has ended, or is not there any more. */
    ENDED,
    /** Nothing: asked once more, it would be refused again. */
    LASTING
}
