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

import io.cameliot.awsiot.testing.Contexts;
import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import io.cameliot.testinfra.awsiot.AwsIotEmulatorExtension;
import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Camel context and the files of a device, for one test. When the test is over the context is stopped, and has left no
 * thread.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final AwsIotEmulatorExtension AWS = new AwsIotEmulatorExtension();
 *
 * @RegisterExtension
 * final DeviceContext device = new DeviceContext(AWS);
 *
 * private final CamelContext camel = device.camel();
 * }</pre>
 */
final class DeviceContext implements AfterEachCallback {

    private final CamelContext camel;
    private final AwsIotEmulator emulator;
    private final Path folder;
    private final DeviceFiles files;

    DeviceContext(AwsIotEmulatorExtension aws) {
        this(aws, Contexts.withoutJmx());
    }

    private DeviceContext(AwsIotEmulatorExtension aws, CamelContext camel) {
        this.camel = camel;
        emulator = aws.emulator();
        emulator.clearReceivedPublishes();
        try {
            folder = Files.createTempDirectory("device");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files = DeviceFiles.write(folder, emulator.issueDevice("device"), emulator.serverAuthority());
    }

    /** A context whose MBeans the test reads. */
    static DeviceContext withJmx(AwsIotEmulatorExtension aws) {
        return new DeviceContext(aws, new DefaultCamelContext());
    }

    CamelContext camel() {
        return camel;
    }

    DeviceFiles files() {
        return files;
    }

    /** The query of a URI that connects to the emulator by MQTT, with the device's certificate. */
    String options() {
        return "?endpoint=" + emulator.endpoint() + "&connectTo=" + emulator.address(GatewayPort.MQTT_8883) + "&"
                + files.options();
    }

    @Override
    public void afterEach(ExtensionContext test) throws IOException {
        camel.stop();
        try (Stream<Path> content = Files.walk(folder)) {
            content.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
        Threads.assertNoneLeft();
    }
}
