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
package io.cameliot.benchmarks.server;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.WildcardConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * The broker if mosquitto is not installed: ActiveMQ Artemis with everything in memory, with mutual TLS on a free port.
 */
final class ArtemisProcess {

    private static final String ACCEPTOR = "mqtt";
    /** For key stores that exist only during the run. */
    private static final String PASSWORD = "benchmarks";

    private ArtemisProcess() {}

    public static void main(String[] commandLine) throws Exception {
        Path directory = Path.of(commandLine[0]);
        ServerIdentity identity = ServerIdentity.read(directory);
        KeyStore keys = emptyStore();
        keys.setKeyEntry("server", identity.server().privateKey(), PASSWORD.toCharArray(), new Certificate[] {
            identity.server().certificate()
        });
        KeyStore trust = emptyStore();
        trust.setCertificateEntry("authority", identity.authority());
        EmbeddedActiveMQ artemis = new EmbeddedActiveMQ();
        artemis.setConfiguration(configuration(
                write(keys, directory.resolve("server.p12")), write(trust, directory.resolve("authority.p12"))));
        artemis.start();
        try {
            NettyAcceptor acceptor = (NettyAcceptor)
                    artemis.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR);
            JavaServer.listening(acceptor.getActualPort());
        } finally {
            artemis.stop();
        }
    }

    private static Configuration configuration(Path keys, Path trust) throws Exception {
        return new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setMqttSubscriptionPersistenceEnabled(false)
                .setJMXManagementEnabled(false)
                .setMaxDiskUsage(-1)
                .setSecurityEnabled(false)
                .setWildCardConfiguration(new WildcardConfiguration()
                        .setDelimiter('/')
                        .setSingleWord('+')
                        .setAnyWords('#'))
                .addAcceptorConfiguration(
                        ACCEPTOR,
                        "tcp://127.0.0.1:0?protocols=MQTT;tcpNoDelay=true;sslEnabled=true;needClientAuth=true"
                                + ";defaultMaximumInFlightPublishMessages=100"
                                + ";keyStoreType=PKCS12;keyStorePassword=" + PASSWORD + ";keyStorePath=" + keys
                                + ";trustStoreType=PKCS12;trustStorePassword=" + PASSWORD + ";trustStorePath=" + trust);
    }

    private static KeyStore emptyStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Path write(KeyStore store, Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }
}
