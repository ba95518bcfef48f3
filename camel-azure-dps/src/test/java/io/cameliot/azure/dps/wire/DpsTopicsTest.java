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
package io.cameliot.azure.dps.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics and user names as the tests of Microsoft's SDKs spell them. */
class DpsTopicsTest {

    @Test
    void namesTheTopicOfARegisterRequest() {
        assertThat(DpsTopics.register(1)).isEqualTo("$dps/registrations/PUT/iotdps-register/?$rid=1");
    }

    @Test
    void namesTheTopicOfAPoll() {
        assertThat(DpsTopics.operationStatus(2, "4.d0a671905ea5b2c8.42d78160-4c78-479e-8be7-61d5e55dac0d"))
                .isEqualTo("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2"
                        + "&operationId=4.d0a671905ea5b2c8.42d78160-4c78-479e-8be7-61d5e55dac0d");
    }

    /** After test_mqtt_topic_provisioning.py of azure-iot-sdk-python. */
    @ParameterizedTest
    @CsvSource({
        "invalid$operation?id,invalid%24operation%3Fid",
        "op 1,op%201",
        "a/b,a%2Fb",
        "a+b,a%2Bb",
        "a&b=c,a%26b%3Dc"
    })
    void encodesTheOperationId(String operationId, String encoded) {
        assertThat(DpsTopics.operationStatus(1, operationId)).endsWith("&operationId=" + encoded);
    }

    @Test
    void writesTheApiVersionIntoTheUserNameAsAPathSegment() {
        assertThat(DpsTopics.userName("0neFEEDC0DE", "myRegistrationId", "2019-03-31", "c/1.2.3 (x; y)"))
                .isEqualTo("0neFEEDC0DE/registrations/myRegistrationId/api-version=2019-03-31"
                        + "&ClientVersion=c%2F1.2.3%20%28x%3B%20y%29");
    }
}
