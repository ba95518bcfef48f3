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
package io.cameliot.common.transport.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import org.junit.jupiter.api.Test;

/**
 * The tests run with the Netty version of the build and with no other one. Otherwise the profile netty-4.2 could be
 * ineffective without notice.
 */
class NettyVersionTest {

    @Test
    void everyNettyJarHasTheVersionOfTheBuild() {
        assertThat(Version.identify())
                .containsKeys("netty-handler", "netty-handler-proxy", "netty-codec-http", "netty-codec-mqtt")
                .allSatisfy((artifact, version) ->
                        assertThat(version.artifactVersion()).isEqualTo(System.getProperty("tested.netty.version")));
    }
}
