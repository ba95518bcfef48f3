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
package io.cameliot.testinfra.fault;

import io.cameliot.testinfra.fault.NetworkFault.AfterBytes;
import io.cameliot.testinfra.fault.NetworkFault.Cut;
import io.cameliot.testinfra.fault.NetworkFault.Delay;
import io.cameliot.testinfra.fault.NetworkFault.HalfOpen;
import io.cameliot.testinfra.fault.NetworkFault.Reset;
import io.cameliot.testinfra.fault.NetworkFault.Slow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Runs a {@link FaultProxy} from the command line until it is interrupted. */
public final class FaultProxyMain {

    private static final String USAGE =
            """
            Relays TCP connections to a server, with faults.

              --to <host>:<port>          the server; required
              --port <number>             where to listen on 127.0.0.1; default: a free port
              --delay <milliseconds>      lets bytes arrive later, each way
              --slow <bytes per second>   lets no more pass, each way
              --cut-after <bytes>         ends each connection (FIN) when the client has sent so many
              --reset-after <bytes>       ends each connection (RST) when the client has sent so many
              --silence-after <bytes>     lets nothing pass any more when the client has sent so many
              --help                      print this
            """;

    private final List<NetworkFault> faults = new ArrayList<>();
    private String server;
    private int port;
    private boolean help;

    private FaultProxyMain(String... arguments) {
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            try {
                take(option, rest);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
            }
        }
        if (server == null && !help) {
            throw new IllegalArgumentException("--to: the server is missing");
        }
    }

    private void take(String option, Deque<String> rest) {
        switch (option) {
            case "--to" -> server = value(rest);
            case "--port" -> port = port(value(rest));
            case "--delay" -> faults.add(new Delay(Duration.ofMillis(number(value(rest)))));
            case "--slow" -> faults.add(new Slow(number(value(rest))));
            case "--cut-after" -> faults.add(afterBytes(rest, new Cut()));
            case "--reset-after" -> faults.add(afterBytes(rest, new Reset()));
            case "--silence-after" -> faults.add(afterBytes(rest, new HalfOpen()));
            case "--help" -> help = true;
            default -> throw new IllegalArgumentException("unknown option");
        }
    }

    private static NetworkFault afterBytes(Deque<String> rest, NetworkFault fault) {
        return new AfterBytes(Direction.TO_SERVER, number(value(rest)), fault);
    }

    /**
     * Starts the proxy and prints its address.
     *
     * @param arguments {@code --help} lists them
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            FaultProxyMain main = new FaultProxyMain(arguments);
            if (main.help) {
                System.out.print(USAGE);
            } else {
                main.run();
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
        }
    }

    private void run() throws InterruptedException {
        int colon = server.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("--to: '" + server + "' is not of the form <host>:<port>");
        }
        FaultProxy proxy = FaultProxy.to(server.substring(0, colon), port(server.substring(colon + 1)), port);
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            proxy.close();
                            end.countDown();
                        },
                        "fault-proxy-shutdown"));
        faults.forEach(fault -> proxy.applyToNext(FaultProxy.ALWAYS, fault));
        proxy.start();
        System.out.printf(
                Locale.ROOT, "%s leads to %s with %s, press Ctrl-C to stop%n", proxy.address(), server, faults);
        end.await();
    }

    private static String value(Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("a value is missing");
        }
        return rest.removeFirst();
    }

    private static int port(String value) {
        long port = number(value);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + value);
        }
        return (int) port;
    }

    private static long number(String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + value + "' is not a number", e);
        }
    }
}
