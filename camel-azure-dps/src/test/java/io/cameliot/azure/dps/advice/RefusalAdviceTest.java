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
package io.cameliot.azure.dps.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalAdviceTest {

    @ParameterizedTest
    @CsvSource({
        "401,401002,INVALID_CERTIFICATE",
        "401,401000,UNAUTHORIZED",
        "401,,NOT_AUTHORIZED",
        "401,401999,NOT_AUTHORIZED",
        "404,404201,NOT_ENROLLED",
        "404,,NOT_FOUND",
        "200,400207,CUSTOM_ALLOCATION_FAILED",
        "200,400999,REFUSED",
        "429,429001,THROTTLED",
        "500,,SERVICE_TROUBLE",
        "503,503001,SERVICE_TROUBLE",
    })
    void goesByTheErrorCodeAndThenByTheStatus(int status, Integer errorCode, RefusalAdvice advice) {
        assertThat(RefusalAdvice.of(status, Optional.ofNullable(errorCode))).contains(advice);
    }

    @Test
    void isEmptyForWhatIsNotKnown() {
        assertThat(RefusalAdvice.of(418, Optional.empty())).isEmpty();
        assertThat(RefusalAdvice.of(200, Optional.empty())).isEmpty();
    }
}
