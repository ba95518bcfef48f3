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
package io.cameliot.testinfra.dps.hub;

import io.cameliot.testinfra.dps.identity.EnrollmentAttestation;
import io.cameliot.testinfra.dps.mqtt.MqttApplication;
import io.cameliot.testinfra.dps.mqtt.MqttServerSession;
import io.cameliot.testinfra.dps.service.DeviceRegistry;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Emulates the IoT hubs that devices are assigned to: device-to-cloud and cloud-to-device messages over MQTT. All hubs
 * share one port, and the server name of the TLS handshake selects the hub. Twins and direct methods are not emulated.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-hub">Communicate with IoT Hub by MQTT</a>
 */
public final class IotHubEmulator implements DeviceRegistry {

    private static final int MAX_REMEMBERED = 10_000;

    private final Set<String> hostNames;
    private final Clock clock;
    private final Map<String, HubDevice> devices = new ConcurrentHashMap<>();
    private final Deque<Telemetry> telemetry = new ArrayDeque<>();

    /**
     * Creates hubs without devices.
     *
     * @param hostNames the hubs' host names
     * @param clock the hubs' clock
     */
    public IotHubEmulator(Set<String> hostNames, Clock clock) {
        this.hostNames = Set.copyOf(hostNames);
        this.clock = clock;
    }

    /**
     * Creates the hub's side of a new connection.
     *
     * @param session the connection
     * @return the hub's side
     */
    public MqttApplication connection(MqttServerSession session) {
        return new HubSession(this, session);
    }

    /**
     * Returns the host names of the hubs.
     *
     * @return the names
     */
    public Set<String> hostNames() {
        return hostNames;
    }

    @Override
    public void put(String hub, String deviceId, EnrollmentAttestation attestation) {
        devices.computeIfAbsent(key(hub, deviceId), key -> new HubDevice(hub, deviceId, attestation))
                .attestBy(attestation);
    }

    @Override
    public void remove(String hub, String deviceId) {
        HubDevice removed = devices.remove(key(hub, deviceId));
        if (removed != null) {
            removed.disconnect("the device was removed from the hub");
        }
    }

    /**
     * Returns whether a device is connected.
     *
     * @param hub the hub's host name
     * @param deviceId the device
     * @return true while it is connected
     */
    public boolean isConnected(String hub, String deviceId) {
        return find(hub, deviceId).filter(HubDevice::isConnected).isPresent();
    }

    /**
     * Sends a cloud-to-device message. The message waits if the device is not connected or has not subscribed.
     *
     * @param hub the hub's host name
     * @param deviceId the device
     * @param properties the message's properties, such as {@code $.ct}
     * @param payload the message, sent as UTF-8
     * @throws IllegalArgumentException if the hub has no such device
     * @throws IllegalStateException if 50 messages wait for the device, IoT Hub's own limit
     */
    public void send(String hub, String deviceId, Map<String, String> properties, String payload) {
        HubDevice device = find(hub, deviceId)
                .orElseThrow(() -> new IllegalArgumentException("Hub '" + hub + "' has no device '" + deviceId + "'"));
        String deviceBound = "/devices/" + deviceId + "/messages/devicebound";
        Map<String, String> all = new LinkedHashMap<>();
        all.put("$.to", deviceBound);
        all.putAll(properties);
        device.send(deviceBound.substring(1) + "/" + PropertyBag.write(all), payload);
    }

    /**
     * Returns the latest 10,000 device-to-cloud messages of all hubs.
     *
     * @return the messages in the order of arrival
     */
    public List<Telemetry> telemetry() {
        synchronized (telemetry) {
            return List.copyOf(telemetry);
        }
    }

    /** Clears the received messages. The provisioning service removes devices. */
    public void clearTelemetry() {
        synchronized (telemetry) {
            telemetry.clear();
        }
    }

    Clock clock() {
        return clock;
    }

    Optional<HubDevice> find(String hub, String deviceId) {
        return Optional.ofNullable(devices.get(key(hub, deviceId)));
    }

    void received(HubDevice device, Map<String, String> properties, byte[] payload) {
        Telemetry message = new Telemetry(device.hub(), device.id(), properties, payload, clock.instant());
        synchronized (telemetry) {
            if (telemetry.size() == MAX_REMEMBERED) {
                telemetry.removeFirst();
            }
            telemetry.addLast(message);
        }
    }

    /** Hub names are host names and ignore case; device ids are case-sensitive. */
    private static String key(String hub, String deviceId) {
        return hub.toLowerCase(Locale.ROOT) + "/" + deviceId;
    }
}
