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
package io.cameliot.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.apache.hc.core5.util.VersionInfo;

/** The versions of the measured clients, from the build. */
final class Versions {

    private static final Properties BUILD = load();

    static final String CAMEL = BUILD.getProperty("camel");
    static final String PAHO = BUILD.getProperty("paho");
    static final String HIVEMQ = BUILD.getProperty("hivemq");
    static final String AWS_IOT_DEVICE_SDK = BUILD.getProperty("aws-iot-device-sdk");
    static final String HTTP_CLIENT = VersionInfo.loadVersionInfo(
                    "org.apache.hc.client5", Versions.class.getClassLoader())
            .getRelease();
    static final String PROVISIONING_CLIENT = BUILD.getProperty("provisioning-device-client");

    private Versions() {}

    private static Properties load() {
        Properties properties = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
