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
package io.cameliot.common.meters;

import java.util.concurrent.atomic.LongAdder;

/** A sum whose summands also go into a total, which outlives it. */
public final class Subtotal extends LongAdder {

    private static final long serialVersionUID = 1L;

    private final LongAdder total;

    public Subtotal(LongAdder total) {
        this.total = total;
    }

    @Override
    public void add(long summand) {
        super.add(summand);
        total.add(summand);
    }

    @Override
    public void increment() {
        add(1);
    }

    @Override
    public void decrement() {
        add(-1);
    }
}
