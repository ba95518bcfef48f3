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
package io.cameliot.benchmarks.peer.client;

import io.cameliot.benchmarks.peer.api.Completion;
import io.cameliot.benchmarks.peer.api.PemIdentity;
import io.cameliot.benchmarks.peer.api.PublishSettings;
import io.cameliot.benchmarks.peer.api.Publisher;
import io.cameliot.benchmarks.server.ServerAddress;
import java.io.IOException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Apache HttpClient 5 without Camel. By default it does not reuse connections with a client certificate. */
public final class HttpClientPublisher implements Publisher {

    private static final int CONNECTIONS = 20;

    private final CloseableHttpClient client;
    private final String url;

    public HttpClientPublisher(PublishSettings settings) {
        url = url(settings);
        client = HttpClients.custom()
                .setUserTokenHandler((route, context) -> null)
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setTlsSocketStrategy(
                                new DefaultClientTlsStrategy(PemIdentity.of(settings.server(), settings.identity())
                                        .context()))
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setMaxConnTotal(CONNECTIONS)
                        .build())
                .build();
    }

    /** The URL of AWS IoT Core's Publish request. */
    public static String url(PublishSettings settings) {
        return "https://" + ServerAddress.HOST + ":" + settings.server().port() + "/topics/"
                + settings.topic().replace("/", "%2F") + "?qos=" + settings.qos();
    }

    @Override
    public void publish(byte[] payload, Completion completion) {
        HttpPost post = new HttpPost(url);
        post.setEntity(new ByteArrayEntity(payload, ContentType.APPLICATION_OCTET_STREAM));
        try {
            client.execute(post, HttpClientPublisher::requireOk);
            completion.done(null);
        } catch (IOException e) {
            completion.done(e);
        }
    }

    private static Void requireOk(ClassicHttpResponse response) throws IOException {
        EntityUtils.consume(response.getEntity());
        if (response.getCode() != 200) {
            throw new IOException("Answered " + response.getCode());
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
