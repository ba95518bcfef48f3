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

import io.cameliot.awsiot.connection.ConnectionSettings;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Requests over kept connections, by Apache HttpClient. */
final class HttpClientTransport implements PublishTransport {

    private final CloseableHttpClient client;

    HttpClientTransport(ConnectionSettings settings) {
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
                new TlsSocketConnectionOperator(settings::tlsTarget),
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.NEG_ONE_MILLISECOND,
                null);
        connections.setMaxTotal(settings.maxInflight());
        connections.setDefaultMaxPerRoute(settings.maxInflight());
        Timeout limit = Timeout.of(settings.publishTimeout());
        this.client = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(limit)
                        .setResponseTimeout(limit)
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("camel-awsiot-device")
                .build();
    }

    @Override
    public Call post(URI uri, Map<String, List<String>> headers, byte[] body) {
        HttpPost post = new HttpPost(uri);
        headers.forEach((name, values) -> values.forEach(value -> post.addHeader(name, value)));
        post.setEntity(new ByteArrayEntity(body, null));
        return new Call() {
            @Override
            public HttpAnswer execute() throws IOException {
                return client.execute(post, HttpClientTransport::read);
            }

            @Override
            public void cancel() {
                post.cancel();
            }
        };
    }

    private static HttpAnswer read(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : entity.getContent().readNBytes(HttpAnswer.MAX_BODY_BYTES);
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            headers.putIfAbsent(header.getName(), header.getValue());
        }
        return new HttpAnswer(response.getCode(), headers, body);
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
