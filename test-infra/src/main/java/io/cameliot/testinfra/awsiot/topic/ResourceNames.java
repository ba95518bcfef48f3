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
package io.cameliot.testinfra.awsiot.topic;

/** The names that AWS IoT allows (AWS IoT API reference), as regular expressions. */
public final class ResourceNames {
    /** The name of a thing. */
    public static final String THING = "[a-zA-Z0-9:_-]{1,128}";
    /** The name of a named shadow. */
    public static final String SHADOW = "[$a-zA-Z0-9:_-]{1,64}";
    /** The id of a job. */
    public static final String JOB = "[a-zA-Z0-9_-]{1,64}";
    /** The name of a provisioning template. */
    public static final String TEMPLATE = "[0-9A-Za-z_-]{1,36}";

    private ResourceNames() {}
}
