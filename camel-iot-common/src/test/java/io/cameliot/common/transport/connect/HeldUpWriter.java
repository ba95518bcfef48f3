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

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Writes to a peer that does not read, until a write fails. */
final class HeldUpWriter implements Supplier<IOException> {

    private final TestConnection client;
    private final AtomicLong written = new AtomicLong();

    HeldUpWriter(TestConnection client) {
        this.client = client;
    }

    @Override
    public IOException get() {
        byte[] chunk = new byte[8192];
        try {
            while (true) {
                client.write(chunk);
                written.addAndGet(chunk.length);
            }
        } catch (IOException e) {
            return e;
        }
    }

    /** Whether all buffers on the way are full. */
    boolean isHeldUp() throws InterruptedException {
        long before = written.get();
        ScriptedServer.pause(200);
        return before > 0 && written.get() == before;
    }
}
