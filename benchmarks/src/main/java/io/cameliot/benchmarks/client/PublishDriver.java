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
package io.cameliot.benchmarks.client;

import io.cameliot.benchmarks.measure.Measurement;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.peer.Publishers;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.server.ServerAddress;

/** Publishes to one topic with as many messages in flight as the window allows. */
final class PublishDriver implements Session {

    private static final String TOPIC = "bench/publish";

    private final Publisher publisher;
    private final Arguments arguments;

    private PublishDriver(Publisher publisher, Arguments arguments) {
        this.publisher = publisher;
        this.arguments = arguments;
    }

    static Session mqtt(Peer peer, Arguments arguments) throws Exception {
        return warmedUp(Publishers.mqtt(peer, settings(arguments)), arguments);
    }

    static Session https(Peer peer, Arguments arguments) throws Exception {
        return warmedUp(Publishers.https(peer, settings(arguments)), arguments);
    }

    static PublishSettings settings(Arguments arguments) {
        return new PublishSettings(
                arguments.server(),
                ServerAddress.DEVICE,
                TOPIC,
                arguments.number("qos"),
                arguments.number("window"),
                arguments.number("payload"));
    }

    private static Session warmedUp(Publisher publisher, Arguments arguments) throws Exception {
        PublishDriver driver = new PublishDriver(publisher, arguments);
        try {
            new PublishRound(publisher, arguments).run(0, arguments.seconds("warmup"));
            return driver;
        } catch (Exception e) {
            driver.close();
            throw e;
        }
    }

    @Override
    public Measurement measure() throws Exception {
        return new PublishRound(publisher, arguments).run(arguments.seconds("leadIn"), arguments.seconds("seconds"));
    }

    @Override
    public void close() throws Exception {
        publisher.close();
    }
}
