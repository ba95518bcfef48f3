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

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.Provisioned;
import io.cameliot.awsiot.provisioning.flow.StoredIdentity;
import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.text.ForeignText;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The identity of a device: its thing, its certificate and where the files are. Camel's type converters convert it to
 * {@code String}, {@code byte[]}, {@code InputStream} and {@code Map}, and Jackson serializes it, as a JSON object with
 * the fields of the getters. The private key is in none of them, only its path.
 */
public final class DeviceProvisioningResult {

    private final Optional<String> serialNumber;
    private final StoredIdentity identity;
    private final boolean fresh;

    DeviceProvisioningResult(Optional<String> serialNumber, Provisioned outcome) {
        this.serialNumber = serialNumber;
        this.identity = outcome.identity();
        this.fresh = outcome.fresh();
    }

    /** Returns false if the identity was on the disk and AWS was not asked. */
    boolean isFresh() {
        return fresh;
    }

    /** Returns the serial number that names the device's directory; {@code null} if none does. */
    public String getSerialNumber() {
        return serialNumber.orElse(null);
    }

    /**
     * Returns the name of the thing.
     *
     * @return {@code null} if it is unknown: someone else put the identity there, or AWS's answer with the name was
     *     lost although the device was registered
     */
    public String getThingName() {
        return identity.thing().map(RegisteredThing::name).orElse(null);
    }

    /** Returns AWS's id of the certificate. */
    public String getCertificateId() {
        return identity.certificateId();
    }

    /** Returns the path of the certificate. */
    public String getCertificateFile() {
        return identity.certificateFile().toString();
    }

    /** Returns the path of the private key. */
    public String getPrivateKeyFile() {
        return identity.privateKeyFile().toString();
    }

    /** Returns the device configuration of the template; empty if it has none or if it is unknown. */
    public Map<String, String> getDeviceConfiguration() {
        return identity.thing().map(RegisteredThing::configuration).orElse(Map.of());
    }

    /** Returns the JSON object as text. */
    public String toJson() {
        return new String(ServiceJson.write(json()), StandardCharsets.UTF_8);
    }

    /** Returns the fields of the JSON object. */
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        serialNumber.ifPresent(number -> fields.put("serialNumber", number));
        identity.thing().ifPresent(thing -> fields.put("thingName", thing.name()));
        fields.put("certificateId", getCertificateId());
        fields.put("certificateFile", getCertificateFile());
        fields.put("privateKeyFile", getPrivateKeyFile());
        fields.put("deviceConfiguration", getDeviceConfiguration());
        return fields;
    }

    @JsonValue
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        toMap().forEach((name, value) -> {
            if (value instanceof Map<?, ?> map) {
                ObjectNode object = json.putObject(name);
                map.forEach((key, text) -> object.put(key.toString(), text.toString()));
            } else {
                json.put(name, value.toString());
            }
        });
        return json;
    }

    @Override
    public String toString() {
        return ForeignText.escaped("DeviceProvisioningResult[thingName=" + getThingName() + ", certificateId="
                + getCertificateId() + ", certificateFile=" + getCertificateFile() + "]");
    }
}
