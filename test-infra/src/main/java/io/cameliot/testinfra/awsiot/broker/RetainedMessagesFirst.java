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

import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.impl.LocalQueueBinding;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTUtil;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;

/**
 * Lets a new subscription find every retained message whose PUBLISH was handled before.
 *
 * <p>Artemis (2.44) keeps a retained message in a queue, and looks for it there when the subscription has its consumer.
 * A message that was just added is still on its way in the queue, where the search does not see it, until the queue's
 * executor has run. This plugin waits for that.
 */
final class RetainedMessagesFirst implements ActiveMQServerPlugin {
    private static final SimpleString PREFIX = SimpleString.of(MQTTUtil.MQTT_RETAIN_ADDRESS_PREFIX);

    private volatile ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer registered) {
        server = registered;
    }

    @Override
    public void afterCreateConsumer(ServerConsumer consumer) {
        server.getPostOffice()
                .getAllBindings()
                .filter(binding -> binding.getAddress().startsWith(PREFIX))
                .forEach(binding -> ((LocalQueueBinding) binding).getQueue().flushExecutor());
    }
}
