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

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.awsiot.service.ServiceJson;
import io.cameliot.common.camel.PayloadBytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** The parameters of a template, which are text with a name: from options and from message bodies. */
final class TemplateParameters {

    private static final String SERIAL_NUMBER = "SerialNumber";

    private TemplateParameters() {}

    /**
     * Returns the parameters in the options.
     *
     * @throws IllegalArgumentException if one of them is no text, number or boolean
     */
    static Map<String, String> of(AwsIotProvisioningConfiguration options) {
        return texts("Option parameter.", options.getParameters());
    }

    /**
     * Returns the parameters in the options, replaced by the serial number in the header, and both by those in the message
     * body.
     *
     * @param serialNumber the header, which is the parameter {@code SerialNumber}
     * @throws IllegalArgumentException if the body is neither a map nor a JSON object, or holds another value than a
     *     text, number or boolean
     */
    static Map<String, String> of(
            AwsIotProvisioningConfiguration options, Optional<String> serialNumber, Exchange exchange) {
        Map<String, String> parameters = of(options);
        serialNumber.ifPresent(number -> parameters.put(SERIAL_NUMBER, number));
        Object body = PayloadBytes.unwrapped(exchange.getMessage().getBody());
        if (body instanceof Map<?, ?> map) {
            parameters.putAll(texts("Parameter ", map));
        } else if (body != null) {
            byte[] bytes = PayloadBytes.of(exchange, body, "message body");
            if (bytes.length > 0) {
                parameters.putAll(json(bytes));
            }
        }
        return parameters;
    }

    private static Map<String, String> json(byte[] body) {
        JsonNode json = ServiceJson.readOrNull(body);
        if (json == null || !json.isObject()) {
            throw new IllegalArgumentException("The message body is no JSON object. It holds the parameters of the"
                    + " provisioning template: give a Map, a JSON object, or nothing.");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                throw noText("Parameter ", entry.getKey());
            }
            texts.put(entry.getKey(), entry.getValue().asText());
        });
        return texts;
    }

    private static Map<String, String> texts(String what, Map<?, ?> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!(value instanceof CharSequence) && !PayloadBytes.isScalar(value)) {
                throw noText(what, String.valueOf(name));
            }
            texts.put(String.valueOf(name), value.toString());
        });
        return texts;
    }

    private static IllegalArgumentException noText(String what, String name) {
        return new IllegalArgumentException(
                what + name + " is not allowed: the parameters of a provisioning template are"
                        + " text, a number or a boolean each.");
    }
}
