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

/** The kinds of failed requests about an execution. */
public enum ReportFailure {
    /** Temporary: AWS IoT has refused the request, and a retry may succeed. */
    PASSING,
    /** There was no answer: AWS IoT may have carried out the request, and a retry may succeed. */
    UNANSWERED,
    /** Final: the execution has ended or no longer exists. */
    ENDED,
    /** Permanent: AWS IoT would refuse a retry too. */
    LASTING;

    /** Returns whether a retry may succeed. */
    public boolean canPass() {
        return this == PASSING || this == UNANSWERED;
    }
}
