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
package io.cameliot.awsiot.provisioning.identity;

import io.cameliot.common.text.ForeignText;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/** The option {@code identityDirectory}: the directory of one device, or of many with a subdirectory each. */
public final class IdentityDirectory {

    private static final String FILE = "file:";

    /** No path can be left by such a name. Windows drops a dot at the end of a name. */
    private static final Pattern SERIAL_NUMBER =
            Pattern.compile("[A-Za-z0-9_-]([A-Za-z0-9._:-]{0,126}[A-Za-z0-9_:-])?");

    private final Path directory;
    private final InstantSource clock;

    private IdentityDirectory(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /**
     * Reads the option. It does not access the directory.
     *
     * @param location a path, also as {@code file:} URI
     * @throws IllegalArgumentException if there is none or it is no path
     */
    public static IdentityDirectory of(String location, InstantSource clock) {
        if (location == null || location.isBlank()) {
            throw new IllegalArgumentException("Option identityDirectory is missing: name the directory that keeps the"
                    + " certificate and the private key of the device");
        }
        try {
            return new IdentityDirectory(path(location), clock);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Option identityDirectory=" + ForeignText.shown(location) + " is no path of a directory", e);
        }
    }

    private static Path path(String location) throws InvalidPathException {
        if (!location.startsWith(FILE)) {
            return Path.of(location);
        }
        return location.startsWith(FILE + "///")
                ? Path.of(URI.create(location))
                : Path.of(location.substring(FILE.length()));
    }

    /**
     * Checks a serial number, which becomes the name of a directory.
     *
     * @param source the option or header that holds it
     * @throws IllegalArgumentException if it could be another path, or the name of a file of a device
     */
    public static void checkSerialNumber(String source, String serialNumber) {
        if (!SERIAL_NUMBER.matcher(serialNumber).matches() || IdentityFiles.isName(serialNumber)) {
            throw new IllegalArgumentException(source + "=" + ForeignText.shown(serialNumber)
                    + " is not allowed, because it names a directory. Give 1 to 128 letters, digits and - _ . :, the"
                    + " first one no dot and no colon, the last one no dot, and not the name of a file of a device,"
                    + " such as identity.json.");
        }
    }

    /**
     * Returns the directory of a device.
     *
     * @param serialNumber the name of the subdirectory; empty for the directory itself
     */
    public DeviceDirectory of(Optional<String> serialNumber) {
        // A colon is not allowed in the file names of every operating system.
        return serialNumber
                .map(name -> new DeviceDirectory(directory.resolve(name.replace(':', '=')), clock, true))
                .orElseGet(() -> new DeviceDirectory(directory, clock));
    }

    /** Returns the path. */
    @Override
    public String toString() {
        return directory.toString();
    }
}
