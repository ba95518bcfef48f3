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
package io.cameliot.testinfra.awsiot.broker;

import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/**
 * A server in which whoever creates a queue gets the one that another client has just created.
 *
 * <p>Artemis (2.44) looks for the queue of a shared subscription, or of a retained message, and creates it if there is
 * none. When two clients do so at the same time, the second one's creation fails and its connection ends.
 */
final class SharingServer extends ActiveMQServerImpl {

    SharingServer(Configuration configuration, ActiveMQSecurityManager securityManager) {
        super(configuration, securityManager);
    }

    @Override
    public Queue createQueue(QueueConfiguration configuration) throws Exception {
        return createQueue(configuration, true);
    }
}
