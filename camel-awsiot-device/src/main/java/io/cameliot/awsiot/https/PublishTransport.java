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
package io.cameliot.awsiot.https;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Carries requests to the server and answers back; knows nothing of what they mean. */
interface PublishTransport extends AutoCloseable {

    /** A POST request that is yet to be sent. */
    Call post(URI uri, Map<String, List<String>> headers, byte[] body);

    /** One request. */
    interface Call {

        /** Sends the request and waits for the answer. */
        HttpAnswer execute() throws IOException;

        /** Ends a wait on another thread. */
        void cancel();
    }

    @Override
    void close();
}
