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
package io.cameliot.awsiot.publish;

/**
 * The server's response to an accepted message.
 *
 * @param httpResponseCode status code of the HTTPS response; null over MQTT
 * @param traceId AWS trace id of the HTTPS response; null over MQTT
 */
public record PublishReceipt(Integer httpResponseCode, String traceId) {

    /** The receipt of a PUBACK, which carries no details. */
    public static final PublishReceipt ACKNOWLEDGED = new PublishReceipt(null, null);
}
