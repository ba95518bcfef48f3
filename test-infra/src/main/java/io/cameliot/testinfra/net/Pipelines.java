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
package io.cameliot.testinfra.net;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.flush.FlushConsolidationHandler;

/** The handlers that come behind TLS, or behind a WebSocket upgrade, whichever emulator it is. */
public final class Pipelines {
    private Pipelines() {}

    /**
     * Adds a server's HTTP codec; the handlers behind it see whole requests.
     *
     * @param pipeline where to
     * @param maxBodyBytes a request with a longer body is answered 413 and not passed on
     */
    public static void addHttp(ChannelPipeline pipeline, int maxBodyBytes) {
        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(maxBodyBytes));
    }

    /**
     * Adds the MQTT codec (3.1, 3.1.1 and 5); the handlers behind it see and write {@code MqttMessage}s. Flushes are
     * gathered while reads go on: each would be a TLS record and a system call of its own.
     *
     * @param pipeline where to
     * @param maxPacketBytes a longer packet arrives as a message with a failed decoder result, and nothing after it
     */
    public static void addMqtt(ChannelPipeline pipeline, int maxPacketBytes) {
        pipeline.addLast(
                new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true),
                new MqttDecoder(maxPacketBytes),
                MqttEncoder.INSTANCE);
    }
}
