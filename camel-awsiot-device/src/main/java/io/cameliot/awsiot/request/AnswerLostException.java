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
package io.cameliot.awsiot.request;

import io.cameliot.common.text.ForeignText;
import java.io.IOException;

/**
 * Thrown when the connection ends while a request waits for its answer. AWS IoT Core may have carried out the request,
 * but the answer will not come. The caller may send the request again at once; it then waits for the next connection.
 */
public class AnswerLostException extends IOException {

    private static final long serialVersionUID = 1L;

    public AnswerLostException(String topic, Throwable cause) {
        super(
                ForeignText.escaped("The connection ended while the request to topic '" + topic
                        + "' waited for its answer (the request may have been carried out, and can be sent again): "
                        + cause.getMessage()),
                cause);
    }
}
