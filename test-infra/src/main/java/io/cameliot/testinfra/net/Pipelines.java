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

/** The handlers after TLS or after a WebSocket upgrade, for all emulators. */
public final class Pipelines {
    private Pipelines() {}

    /**
     * Adds a server's HTTP codec. The following handlers receive whole requests.
     *
     * @param pipeline the pipeline
     * @param maxBodyBytes bytes of the longest body; a request with a longer one is answered 413 and not passed on
     */
    public static void addHttp(ChannelPipeline pipeline, int maxBodyBytes) {
        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(maxBodyBytes));
    }

    /**
     * Adds the MQTT codec (3.1, 3.1.1 and 5). The following handlers receive and write {@code MqttMessage}s. Flushes
     * are consolidated while reads continue, because each one would be a TLS record and a system call.
     *
     * @param pipeline the pipeline
     * @param maxPacketBytes bytes of the longest packet; a longer one arrives as a message with a failed decoder
     *     result, and nothing after it
     */
    public static void addMqtt(ChannelPipeline pipeline, int maxPacketBytes) {
        pipeline.addLast(
                new FlushConsolidationHandler(FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true),
                new MqttDecoder(maxPacketBytes),
                MqttEncoder.INSTANCE);
    }
}
