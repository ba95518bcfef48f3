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
package io.cameliot.testinfra.proxy;

import io.cameliot.testinfra.net.LoopbackServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;

/** SOCKS 5 with Netty's codecs. */
final class Socks5Listener implements ForwardProxy.Listener {

    private final LoopbackServer server = new LoopbackServer("socks5-proxy", false);
    private final int port;

    Socks5Listener(ProxyRules rules) {
        port = server.bind(0, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                Socks5ServerEncoder.DEFAULT,
                                new Socks5InitialRequestDecoder(),
                                new Socks5Handler(rules));
            }
        });
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.close();
    }
}
