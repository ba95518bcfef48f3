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
package io.cameliot.awsiot.provisioning;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Converter;

/** Converts a result to JSON text or to a map when a route needs one. */
@Converter(generateLoader = true)
public final class DeviceProvisioningResultConverter {

    private DeviceProvisioningResultConverter() {}

    @Converter
    public static String toString(DeviceProvisioningResult result) {
        return result.toJson();
    }

    @Converter
    public static byte[] toBytes(DeviceProvisioningResult result) {
        return result.toJson().getBytes(StandardCharsets.UTF_8);
    }

    @Converter
    public static InputStream toInputStream(DeviceProvisioningResult result) {
        return new ByteArrayInputStream(toBytes(result));
    }

    @Converter
    public static Map<String, Object> toMap(DeviceProvisioningResult result) {
        return result.toMap();
    }
}
