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
package io.cameliot.testinfra.event;

/** A rule of a cloud by which a client can be refused. Implemented by enumerations. */
public interface Rule {
    /**
     * Returns the name of the rule.
     *
     * @return the name of the constant
     */
    String name();

    /**
     * Returns the rule in plain words, and what the client is to do.
     *
     * @return one sentence or more
     */
    String meaning();

    /**
     * Returns where the rule is written down.
     *
     * @return the title of a document of the cloud, or a section of a standard
     */
    String source();
}
