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
package io.cameliot.testinfra.awsiot.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.json.ClientToken;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.json.StrictJson.NotJsonException;
import java.util.Optional;

/**
 * The document of a request, with the checks that all requests share.
 *
 * @param body the document; without fields if there is none
 * @param clientToken identifies the answer
 */
public record ShadowRequestDocument(ObjectNode body, Optional<String> clientToken) {
    /** A request without a document, such as a get or a delete. */
    public static final ShadowRequestDocument EMPTY = new ShadowRequestDocument(StrictJson.object(), Optional.empty());

    /**
     * Parses a request.
     *
     * @throws ShadowRejectedException if it is not a JSON object in UTF-8, or if the client token is not a text or too
     *     long
     */
    public static ShadowRequestDocument read(byte[] document) throws ShadowRejectedException {
        ObjectNode body = parse(document);
        if (!ClientToken.isAllowed(body)) {
            throw ShadowRejectedException.invalid("Invalid clientToken");
        }
        return new ShadowRequestDocument(body, ClientToken.of(body));
    }

    private static ObjectNode parse(byte[] document) throws ShadowRejectedException {
        try {
            return StrictJson.read(document);
        } catch (NotJsonException e) {
            throw e.isUtf8() ? ShadowRejectedException.invalid("Invalid JSON") : ShadowRejectedException.notUtf8();
        }
    }

    /** Adds the client token of the request to an answer. */
    ObjectNode answer(ObjectNode answer) {
        return ClientToken.echo(answer, clientToken);
    }
}
