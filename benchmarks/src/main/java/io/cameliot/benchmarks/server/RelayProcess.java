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
package io.cameliot.benchmarks.server;

import io.cameliot.testinfra.fault.Direction;
import io.cameliot.testinfra.fault.FaultProxy;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import java.time.Duration;

/**
 * Forwards every byte with a delay. Its arguments: a directory, the port of the server, the milliseconds of delay in
 * each direction.
 */
final class RelayProcess {

    private RelayProcess() {}

    public static void main(String[] commandLine) throws Exception {
        try (FaultProxy proxy = FaultProxy.to("127.0.0.1", Integer.parseInt(commandLine[1]))) {
            proxy.start();
            proxy.applyToAll(new Delay(Duration.ofMillis(Long.parseLong(commandLine[2]))));
            JavaServer.listening(
                    proxy.port(),
                    () -> new Traffic(proxy.bytes(Direction.TO_SERVER), proxy.bytes(Direction.TO_CLIENT)));
        }
    }
}
