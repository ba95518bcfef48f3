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
package io.cameliot.benchmarks.peer.api;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A completion for which a thread can wait. */
final class BlockingCompletion implements Completion {

    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch latch = new CountDownLatch(1);
    private volatile Throwable failure;

    @Override
    public void done(Throwable reason) {
        failure = reason;
        latch.countDown();
    }

    void await() throws Exception {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("No answer within " + PATIENCE_SECONDS + " s");
        }
        if (failure != null) {
            throw new IllegalStateException("The message failed", failure);
        }
    }
}
