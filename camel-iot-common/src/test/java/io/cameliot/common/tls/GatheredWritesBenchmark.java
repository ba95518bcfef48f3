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
package io.cameliot.common.tls;

import static io.cameliot.common.tls.TestTls.HOST;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what {@link GatheredOutput} brings and costs: throughput of one thread that flushes after each message, and
 * the round trip of a lone message. Not a test: run {@code main}.
 */
final class GatheredWritesBenchmark {

    private static final int MESSAGE_BYTES = 280;
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final int ROUND_TRIPS = 2_000;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong swallowed = new AtomicLong();

    public static void main(String[] args) throws Exception {
        GatheredWritesBenchmark benchmark = new GatheredWritesBenchmark();
        for (boolean webSocket : new boolean[] {false, true}) {
            for (int round = 0; round < ROUNDS; round++) {
                for (boolean gather : new boolean[] {false, true}) {
                    benchmark.report(round, webSocket, gather);
                }
            }
        }
        benchmark.threads.shutdownNow();
    }

    private void report(int round, boolean webSocket, boolean gather) throws Exception {
        double[] trip = roundTrip(webSocket, gather);
        System.out.printf(
                "round %d %-9s %-8s %8.1f thousand messages/s, lone message p50 %6.1f µs p90 %6.1f µs p99 %6.1f µs%n",
                round,
                webSocket ? "WebSocket" : "TLS",
                gather ? "gathered" : "direct",
                throughput(webSocket, gather),
                trip[0],
                trip[1],
                trip[2]);
    }

    private TlsSocket connect(int port, boolean webSocket, boolean gather) throws IOException {
        TlsTarget target = TestTls.target(port);
        if (webSocket) {
            target = target.withWebSocket(new WebSocketUpgrade("/mqtt", Map.of(), "mqtt"));
        }
        TlsSocket socket = gather ? new TlsSocket(target, threads) : new TlsSocket(target);
        socket.connect(null);
        return socket;
    }

    private double throughput(boolean webSocket, boolean gather) throws Exception {
        swallowed.set(0);
        try (ScriptedServer sink =
                        ScriptedServer.tls(TestTls.server(HOST), connection -> swallow(connection, webSocket));
                TlsSocket socket = connect(sink.port(), webSocket, gather)) {
            byte[] message = new byte[MESSAGE_BYTES];
            OutputStream out = socket.getOutputStream();
            long messages = 0;
            long start = System.nanoTime();
            while (System.nanoTime() - start < ROUND.toNanos()) {
                for (int i = 0; i < 100; i++) {
                    out.write(message, 0, message.length);
                    out.flush();
                }
                messages += 100;
            }
            while (swallowed.get() < messages * MESSAGE_BYTES) {
                LockSupport.parkNanos(100_000);
            }
            return messages * 1e6 / (System.nanoTime() - start);
        }
    }

    private void swallow(Socket connection, boolean webSocket) throws Exception {
        if (webSocket) {
            RawWebSocket.open(connection);
        }
        InputStream in = connection.getInputStream();
        byte[] buffer = new byte[64 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            swallowed.addAndGet(n);
        }
    }

    private double[] roundTrip(boolean webSocket, boolean gather) throws Exception {
        try (ScriptedServer echo = ScriptedServer.tls(TestTls.server(HOST), connection -> echo(connection, webSocket));
                TlsSocket socket = connect(echo.port(), webSocket, gather)) {
            byte[] message = new byte[MESSAGE_BYTES];
            long[] nanos = new long[ROUND_TRIPS];
            for (int i = 0; i < ROUND_TRIPS; i++) {
                LockSupport.parkNanos(500_000);
                long start = System.nanoTime();
                socket.getOutputStream().write(message);
                socket.getOutputStream().flush();
                if (socket.getInputStream().readNBytes(message, 0, message.length) < message.length) {
                    throw new IOException("The server closed");
                }
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return new double[] {
                nanos[ROUND_TRIPS / 2] / 1e3, nanos[ROUND_TRIPS * 9 / 10] / 1e3, nanos[ROUND_TRIPS * 99 / 100] / 1e3
            };
        }
    }

    private static void echo(Socket connection, boolean webSocket) throws Exception {
        if (!webSocket) {
            ScriptedServer.echo(connection);
            return;
        }
        RawWebSocket peer = RawWebSocket.open(connection);
        while (true) {
            peer.send(RawWebSocket.frame(0x82, peer.readFrame().payload()));
        }
    }
}
