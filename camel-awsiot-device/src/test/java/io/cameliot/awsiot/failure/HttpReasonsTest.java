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
package io.cameliot.awsiot.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReasonsTest {

    @ParameterizedTest
    @CsvSource({
        "200, true",
        "302, true",
        "400, false",
        "401, false",
        "403, false",
        "404, false",
        "408, true",
        "413, false",
        "429, true",
        "500, true",
        "503, true",
        "599, true"
    })
    void passesWhatIsNotTheFaultOfTheRequest(int status, boolean passing) {
        assertThat(HttpReasons.isPassing(status)).isEqualTo(passing);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 413, 429})
    void saysWhatToDoAboutEveryErrorOfTheApi(int status) {
        assertThat(HttpReasons.publish(status)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302})
    void takesAnAnswerThatIsNoErrorAndNotAwssForThatOfSomethingOnTheWay(int status) {
        assertThat(HttpReasons.publish(status)).contains("not AWS IoT Core's answer", "option proxy");
    }
}
