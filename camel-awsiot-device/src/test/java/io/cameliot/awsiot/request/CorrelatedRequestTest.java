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
package io.cameliot.awsiot.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CorrelatedRequestTest {

    @Test
    void expiresWithItsTimeoutHoweverLongItHasWaited() {
        CorrelatedRequest request = request(null, Duration.ofSeconds(20));

        assertThat(expiry(request)).isLessThanOrEqualTo(20);
        await().until(() -> expiry(request) < 20);
    }

    @Test
    void doesNotExpireOnArrivalWhereItsTimeoutIsOver() {
        assertThat(expiry(request(null, Duration.ofNanos(1)))).isEqualTo(1);
    }

    @Test
    void takesAnyTimeoutUpToTheLargestExpiryOfMqtt() {
        assertThat(expiry(request(null, Duration.ofMillis(Long.MAX_VALUE)))).isEqualTo(0xFFFF_FFFFL);
    }

    @Test
    void keepsTheExpiryOfItsSender() {
        assertThat(expiry(request(77L, Duration.ofSeconds(20)))).isEqualTo(77);
    }

    private static long expiry(CorrelatedRequest request) {
        return request.messageNow().properties().messageExpirySeconds();
    }

    private static CorrelatedRequest request(Long expiry, Duration timeout) {
        return new CorrelatedRequest(
                "sender",
                new PublishRequest(
                        "t", new byte[0], 1, false, new MessageProperties(null, null, null, expiry, null, null)),
                "answers",
                timeout);
    }
}
