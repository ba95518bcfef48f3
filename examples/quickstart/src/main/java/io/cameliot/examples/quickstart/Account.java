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
package io.cameliot.examples.quickstart;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Records what has happened. Complete when every reading has come back, the command has arrived and
 * the thing is registered. Prints each step when it happens.
 */
final class Account {

    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private volatile int readings;
    private volatile CountDownLatch outstanding;
    private volatile String deviceId;
    private volatile String hub;
    private volatile String command;
    private volatile String thing;

    /**
     * Sets what makes the record complete. Called before the routes start.
     *
     * @param number number of readings that must come back
     */
    void expect(int number) {
        readings = number;
        outstanding = new CountDownLatch(number + 2);
    }

    void provisioned(String device, String assignedHub) {
        deviceId = device;
        hub = assignedHub;
        step("azure-dps: assigned " + device + " to " + assignedHub);
    }

    String deviceId() {
        return deviceId;
    }

    void published() {
        if (published.incrementAndGet() == 1) {
            step("awsiot-device: published the first of " + readings + " readings");
        }
    }

    void received(Map<?, ?> reading) {
        if (reading.get("device").equals(deviceId)) {
            int number = received.incrementAndGet();
            if (number == readings) {
                step("awsiot-device: received the last reading");
            }
            if (number <= readings) {
                outstanding.countDown();
            }
        }
    }

    void command(String text) {
        if (command == null) {
            command = text;
            step("awsiot-device: received a command");
            outstanding.countDown();
        }
    }

    void claimed(String thingName) {
        thing = thingName;
        step("awsiot-provisioning: registered " + thingName);
        outstanding.countDown();
    }

    private static void step(String text) {
        System.out.println(text);
    }

    /** Ends {@link #await} with the reason. */
    void failed(Exception reason) {
        failure.compareAndSet(null, reason);
        while (outstanding.getCount() > 0) {
            outstanding.countDown();
        }
    }

    /**
     * Waits until the record is complete.
     *
     * @throws Exception the first failure, or an exception that names what is missing when the time is over
     */
    void await(Duration limit) throws Exception {
        boolean complete = outstanding.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (failure.get() != null) {
            throw failure.get();
        }
        if (!complete) {
            throw new IllegalStateException("After " + limit.toSeconds() + " s not everything had arrived: published "
                    + published + " and received " + received + " of " + readings + " readings, "
                    + (command == null ? "no command" : "a command")
                    + ", " + (thing == null ? "no thing" : "a thing"));
        }
    }

    String print(Duration time) {
        return String.format(
                Locale.ROOT,
                """
                Device     %s
                Hub        %s
                Published  %d readings
                Received   %d readings
                Command    %s
                Thing      %s
                Time       %.1f s
                """,
                deviceId,
                hub,
                published.get(),
                received.get(),
                command,
                thing,
                time.toMillis() / 1000.0);
    }
}
