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
package io.cameliot.azure.dps.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An answer of the service violates the protocol. The message shows the beginning of the body, without secrets. */
public class MalformedAnswerException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param body is no JSON object
     */
    MalformedAnswerException(String problem, byte[] body) {
        super(problem + ": " + DpsJson.excerpt(body));
    }

    MalformedAnswerException(String problem, ObjectNode answer) {
        super(problem + ": " + DpsJson.excerpt(answer));
    }
}
