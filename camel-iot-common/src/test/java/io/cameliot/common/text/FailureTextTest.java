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
package io.cameliot.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.ProviderException;
import org.junit.jupiter.api.Test;

class FailureTextTest {

    @Test
    void isTheMessage() {
        assertThat(FailureText.of(new IOException("broken pipe"))).isEqualTo("broken pipe");
    }

    @Test
    void isTheClassWhereThereIsNoMessage() {
        assertThat(FailureText.of(new ProviderException())).isEqualTo("java.security.ProviderException");
    }

    @Test
    void namesTheClassOfAnError() {
        assertThat(FailureText.of(new NoClassDefFoundError("org/hsm/Key")))
                .isEqualTo("java.lang.NoClassDefFoundError: org/hsm/Key");
    }
}
