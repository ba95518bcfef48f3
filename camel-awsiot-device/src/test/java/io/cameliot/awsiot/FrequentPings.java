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
package io.cameliot.awsiot;

import io.cameliot.awsiot.link.SessionConnector;
import io.cameliot.awsiot.settings.ConnectionSettings;
import io.cameliot.awsiot.settings.SessionSettings;
import java.time.Duration;
import org.apache.camel.spi.annotations.Component;

/**
 * The component with a keep alive of two seconds on the wire. AWS IoT Core and the option allow 30 s at least, so that a dead
 * line would take a test a minute or two.
 */
@Component("awsiot-device")
public final class FrequentPings extends AwsIotDeviceComponent {

    @Override
    SessionConnector connector() {
        SessionConnector real = super.connector();
        return (settings, clientId, listener) -> real.connect(withKeepAlive(settings), clientId, listener);
    }

    private static ConnectionSettings withKeepAlive(ConnectionSettings settings) {
        SessionSettings session = settings.session();
        return new ConnectionSettings(
                settings.address(),
                settings.tls(),
                settings.identity(),
                new SessionSettings(session.clientId(), session.kept(), Duration.ofSeconds(2), session.will()),
                settings.maxInflight(),
                settings.timing());
    }
}
