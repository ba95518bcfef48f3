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

/** Where a command stands. */
enum CommandStep {
    /** It has arrived. */
    NEW,
    /** It is in the route, and nothing is on its way. */
    RUNNING,
    /** It is in the route, or has left it; that it is in progress has not been answered yet. */
    ANNOUNCING,
    /** It has left the route, and its outcome is on its way. */
    REPORTING,
    /** Its outcome could not be reported, which is tried again later. */
    PAUSED,
    /** It is done. */
    ENDED
}
