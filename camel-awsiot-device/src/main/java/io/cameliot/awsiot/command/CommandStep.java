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
package io.cameliot.awsiot.command;

/** The steps of a command. */
enum CommandStep {
    /** It has arrived. */
    NEW,
    /** It is in the route, and no report is in flight. */
    RUNNING,
    /** It is in the route or has left it, and the report that it is in progress is not answered yet. */
    ANNOUNCING,
    /** It has left the route, and the report of its outcome is in flight. */
    REPORTING,
    /** The report of its outcome failed and is tried again later. */
    PAUSED,
    /** It is finished. */
    ENDED
}
