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
package io.cameliot.testinfra.awsiot.server;

import io.cameliot.testinfra.awsiot.gateway.GatewayPort;
import io.cameliot.testinfra.awsiot.gateway.ReceivedRequest;
import io.cameliot.testinfra.awsiot.journal.Journal;
import io.cameliot.testinfra.net.ClientHello;
import io.netty.channel.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the answered HTTP requests of one port.
 *
 * @param port the port
 * @param journal keeps the requests
 */
record RequestLog(GatewayPort port, Journal journal) {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    /**
     * Records a request.
     *
     * @param path the path, encoded, without the query, which can contain secrets
     * @param status the status of the answer
     */
    void add(Channel channel, String method, String path, int status) {
        LOG.debug("{} {} {} is answered {}", channel, method, path, status);
        ClientHello hello = channel.attr(ClientHello.ATTRIBUTE).get();
        journal.requests()
                .add(new ReceivedRequest(
                        port,
                        channel.id().asShortText(),
                        method,
                        path,
                        status,
                        hello.serverName().orElse(""),
                        hello.applicationProtocols()));
    }
}
