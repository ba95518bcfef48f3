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
package io.cameliot.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.monitor.AwsIotDeviceConsole;
import io.cameliot.awsiot.testing.JmxText;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole.MediaType;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is secret in a URI is seen nowhere else. */
class SecretsTest {

    private static final String ENDPOINT = "endpoint=a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol=wss&authentication=sigv4&accessKey=s3cr3t1&secretKey=s3cr3t2&sessionToken=s3cr3t3",
                "authentication=custom&username=me&password=s3cr3t&authorizerName=door",
                "protocol=wss&authentication=custom&authorizerName=door&tokenKeyName=key&token=s3cr3t1"
                        + "&tokenSignature=s3cr3t2",
                "protocol=wss&authentication=sigv4&accessKey=a&secretKey=b&proxy=http://user:s3cr3t@proxy.test:3128",
                "protocol=wss&authentication=sigv4&accessKey=a&secretKey=b&willTopic=w&clientId=c"
                        + "&proxy=socks5://user:RAW(s3cr3t)@proxy.test:1080",
            })
    void areNotShownInJmxByTheConsoleNorByTheEndpoint(String options) throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:out")
                            .routeId("secretive")
                            .to("awsiot-device:out?" + ENDPOINT + "&awaitConnection=never&" + options);
                }
            });
            camel.start();

            assertThat(camel.getRouteController().getRouteStatus("secretive")).isEqualTo(ServiceStatus.Started);
            assertThat(camel.getEndpoints()).extracting(Endpoint::toString).noneMatch(text -> text.contains("s3cr3t"));
            assertThat(JmxText.of(camel)).isNotEmpty().noneMatch(text -> text.contains("s3cr3t"));
            assertThat(allOfConsole(camel))
                    .allMatch(text -> text.contains("a1b2c3d4e5f6g7-ats"))
                    .noneMatch(text -> text.contains("s3cr3t"));
        }
    }

    private static List<String> allOfConsole(CamelContext camel) {
        AwsIotDeviceConsole console = new AwsIotDeviceConsole();
        console.setCamelContext(camel);
        return Stream.of(MediaType.values())
                .map(type -> console.call(type, Map.of()).toString())
                .toList();
    }
}
