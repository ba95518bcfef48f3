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
package io.cameliot.testinfra.awsiot.gateway;

import io.cameliot.testinfra.awsiot.auth.DevicePolicy;
import io.cameliot.testinfra.awsiot.broker.EmbeddedBroker;
import io.cameliot.testinfra.awsiot.fault.Faults;
import java.util.function.Function;

/**
 * What the handlers of every connection share.
 *
 * @param limits the quotas in force
 * @param mqtt5 what MQTT 5 clients are granted
 * @param broker the broker behind the gateway
 * @param policies the policy of a client id
 * @param faults what is to go wrong
 * @param admission judges CONNECT packets
 * @param connections the MQTT connections
 * @param lifecycle tells subscribers of connections that come and go
 * @param wills publishes the wills of connections that have ended
 * @param journal what clients have sent
 * @param counters counts
 */
record GatewayServices(
        Limits limits,
        Mqtt5Settings mqtt5,
        EmbeddedBroker broker,
        Function<String, DevicePolicy> policies,
        Faults faults,
        Admission admission,
        Connections connections,
        LifecycleEvents lifecycle,
        Wills wills,
        Journal journal,
        Counters counters) {}
