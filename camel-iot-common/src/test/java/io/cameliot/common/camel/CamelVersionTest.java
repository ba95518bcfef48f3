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
package io.cameliot.common.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.ObjectHelper;
import org.junit.jupiter.api.Test;

/**
 * The tests must run on exactly the Camel version that the build selects; otherwise an ineffective -Dcamel.line would
 * go unnoticed.
 */
class CamelVersionTest {

    @Test
    void everyCamelJarIsOfTheVersionThatTheBuildNames() {
        assertThat(Stream.of(CamelContext.class, DefaultComponent.class, DefaultCamelContext.class, ObjectHelper.class))
                .extracting(type -> type.getPackage().getImplementationVersion())
                .containsOnly(System.getProperty("tested.camel.version"));
        assertThat(new DefaultCamelContext().getVersion()).isEqualTo(System.getProperty("tested.camel.version"));
    }
}
