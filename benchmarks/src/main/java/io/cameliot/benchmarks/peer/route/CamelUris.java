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
package io.cameliot.benchmarks.peer.route;

import io.cameliot.benchmarks.server.ServerAddress;

/** The URIs of the measured endpoints. */
public final class CamelUris {

    /** With its default of 10, {@code paho:} fails under load with "Too many publishes in progress (32202)". */
    public static final int PAHO_MAX_INFLIGHT = 65_535;

    /** The name of the {@code SSLSocketFactory} in the URIs of Paho's components. */
    public static final String SOCKET_FACTORY = "socketFactory";

    private CamelUris() {}

    public static String awsIotDevice(ServerAddress server, String identity, String topic, String more) {
        return "awsiot-device:" + topic + "?endpoint=" + ServerAddress.HOST + "&connectTo=127.0.0.1:" + server.port()
                + "&clientId=" + identity + "&caFile=file:" + server.authority() + "&certificateFile=file:"
                + server.certificate(identity) + "&privateKeyFile=file:" + server.privateKey(identity) + more;
    }

    public static String paho(String scheme, ServerAddress server, String identity, String topic, int qos) {
        return scheme + ":" + topic + "?brokerUrl=ssl://" + ServerAddress.HOST + ":" + server.port() + "&clientId="
                + identity + "-" + scheme + "&qos=" + qos + "&socketFactory=#" + SOCKET_FACTORY;
    }
}
