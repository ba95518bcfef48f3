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
package io.cameliot.azure.dps.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.cameliot.azure.dps.wire.DpsJson;
import io.cameliot.common.camel.PayloadBytes;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.ExchangeHelper;

/**
 * Reads the custom allocation payload from a message body. JSON text becomes the JSON value that it contains, not a
 * JSON string.
 */
public final class PayloadReader {

    /** "Maximum message size" in "Azure IoT Hub Device Provisioning Service limits". */
    private static final int MAX_BYTES = 96 * 1024;

    private PayloadReader() {}

    /**
     * Reads the body.
     *
     * @param registrationId the device, whose name counts for the size of the message to the service
     * @return the payload; empty for an empty body
     * @throws IllegalArgumentException if text in the body is not JSON, or the body can't become JSON or is too large
     */
    public static Optional<JsonNode> payload(Exchange exchange, String registrationId) {
        Message message = exchange.getMessage();
        Object body = PayloadBytes.unwrapped(message.getBody());
        if (body == null) {
            return Optional.empty();
        }
        JsonNode payload = isText(body) ? parse(text(exchange, body)) : convert(body);
        if (payload.isMissingNode()) {
            return Optional.empty();
        }
        int length = DpsJson.registration(registrationId, Optional.of(payload)).length;
        if (length > MAX_BYTES) {
            throw new IllegalArgumentException("With the message body as payload the registration is " + length
                    + " bytes of JSON; the service takes at most " + MAX_BYTES + ".");
        }
        return Optional.of(payload);
    }

    private static boolean isText(Object body) {
        return body instanceof CharSequence
                || body instanceof char[]
                || body instanceof byte[]
                || body instanceof ByteBuffer
                || body instanceof InputStream
                || body instanceof Reader
                || body instanceof StreamCache
                || body instanceof WrappedFile
                || body instanceof File
                || body instanceof Path;
    }

    /** Returns the text in UTF-8, converted from the character set of the exchange. */
    private static byte[] text(Exchange exchange, Object body) {
        if (body instanceof CharSequence || body instanceof char[] || body instanceof Reader) {
            return exchange.getContext()
                    .getTypeConverter()
                    .convertTo(String.class, exchange, body)
                    .getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = PayloadBytes.of(exchange, body, "message body");
        String charset = ExchangeHelper.getCharsetName(exchange, false);
        return charset == null ? bytes : new String(bytes, Charset.forName(charset)).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode parse(byte[] text) {
        try {
            return DpsJson.read(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The message body is not JSON, as the payload of a registration must be: " + DpsJson.excerpt(text)
                            + ". Empty the body to register without payload.");
        }
    }

    private static JsonNode convert(Object body) {
        try {
            return DpsJson.fromJava(body);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The message body of type " + body.getClass().getName() + " can't become the JSON payload of a"
                            + " registration: " + e.getMessage(),
                    e);
        }
    }
}
