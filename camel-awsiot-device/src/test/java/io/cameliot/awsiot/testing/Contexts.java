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
package io.cameliot.awsiot.testing;

import org.apache.camel.impl.DefaultCamelContext;

/** Creates Camel contexts for tests. */
public final class Contexts {
    private Contexts() {}

    /**
     * Creates a context that registers nothing in JMX. The registrations take more processor time than the routes of most
     * tests.
     *
     * @return a context that is not started
     */
    public static DefaultCamelContext withoutJmx() {
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.disableJMX();
        return camel;
    }
}
