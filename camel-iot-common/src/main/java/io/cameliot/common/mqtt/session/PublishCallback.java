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
package io.cameliot.common.mqtt.session;

import io.cameliot.common.mqtt.PublishRefusedException;
import java.io.IOException;

/** Receives the result of a message, without the cost of a future. It runs on the event loop, so it must not block. */
@FunctionalInterface
public interface PublishCallback {

    /**
     * The message is done. Called once.
     *
     * @param failure null if the server has acknowledged the message (QoS 1) or it was written (QoS 0); a
     *     {@link PublishRefusedException} if the server does not accept it; another exception if the result is unknown:
     *     the server may have the message or not
     */
    void completed(IOException failure);
}
