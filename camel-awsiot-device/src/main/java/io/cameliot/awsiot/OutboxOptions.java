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

import io.cameliot.awsiot.outbox.OutboxMode;
import io.cameliot.awsiot.outbox.OutboxSettings;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.common.text.ForeignText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Checks the options of the outbox. */
final class OutboxOptions {

    private OutboxOptions() {}

    /**
     * Checks the options and creates the settings.
     *
     * @return null without an outbox
     * @throws IllegalArgumentException if an option is wrong; the message names the first such option, its value and
     *     the allowed values
     */
    static OutboxSettings check(AwsIotDeviceConfiguration options) {
        OutboxMode mode = options.getOutbox();
        if (options.getOutboxDirectory() != null && mode != OutboxMode.file) {
            throw new IllegalArgumentException("Option outboxDirectory="
                    + ForeignText.shown(options.getOutboxDirectory()) + " needs outbox=file, but outbox=" + mode
                    + ": set outbox=file, or remove outboxDirectory");
        }
        if (options.getOutboxMaxMessages() < 1) {
            throw new IllegalArgumentException(
                    "Option outboxMaxMessages=" + options.getOutboxMaxMessages() + " must be at least 1");
        }
        if (mode == OutboxMode.none) {
            return null;
        }
        if (options.getProtocol() == DeviceProtocol.https) {
            throw new IllegalArgumentException(
                    "Option outbox=" + mode + " is not possible with protocol=https, whose"
                            + " exchanges continue with the server's answer: use protocol=mqtt or protocol=wss, or outbox=none");
        }
        return new OutboxSettings(
                mode,
                mode == OutboxMode.file ? directory(options) : null,
                options.getOutboxMaxMessages(),
                options.getOutboxOverflow());
    }

    private static Path directory(AwsIotDeviceConfiguration options) {
        if (options.getOutboxDirectory() == null) {
            throw new IllegalArgumentException(
                    "Option outboxDirectory is missing: outbox=file needs a directory to keep its messages in");
        }
        if (options.getClientId() == null) {
            throw new IllegalArgumentException("Option clientId is missing: outbox=file needs a client id that stays"
                    + " the same, because its files are named after it");
        }
        try {
            return Path.of(options.getOutboxDirectory());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "Option outboxDirectory=" + ForeignText.shown(options.getOutboxDirectory())
                            + " is no path of a directory",
                    e);
        }
    }
}
