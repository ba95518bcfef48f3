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
package io.cameliot.testinfra.awsiot.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PublishRateTest {
    /** {@link System#nanoTime} has any origin, and overflows. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

    @Test
    void permitsSoManyInASecond() {
        PublishRate rate = new PublishRate(2, nanos::get);

        assertThat(rate.permits()).isTrue();
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(rate.permits()).isTrue();
        assertThat(rate.permits()).isFalse();
        assertThat(rate.permits()).isFalse();
    }

    @Test
    void permitsMoreInTheNextSecond() {
        PublishRate rate = new PublishRate(1, nanos::get);
        assertThat(rate.permits()).isTrue();
        assertThat(rate.permits()).isFalse();

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

        assertThat(rate.permits()).isTrue();
        assertThat(rate.permits()).isFalse();
    }

    @Test
    void permitsAnyNumberWithoutALimit() {
        PublishRate rate = new PublishRate(0, nanos::get);

        for (int i = 0; i < 1_000; i++) {
            assertThat(rate.permits()).isTrue();
        }
    }
}
