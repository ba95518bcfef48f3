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

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user name of CONNECT at a hub: {@code {hub}/{deviceId}/?api-version={version}}, optionally followed by more
 * properties.
 *
 * @see <a href="https://learn.microsoft.com/azure/iot/iot-mqtt-connect-to-iot-hub">Communicate with IoT Hub by MQTT</a>
 */
record HubUserName(String hub, String deviceId) {

    private static final Pattern FORM =
            Pattern.compile("(?<hub>[^/]+)/(?<device>[^/]+)/\\?api-version=\\d{4}-\\d{2}-\\d{2}(-preview)?(&.*)?");

    static Optional<HubUserName> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new HubUserName(matcher.group("hub"), matcher.group("device")))
                : Optional.empty();
    }
}
