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
package io.cameliot.awsiot.auth;

import java.time.Clock;

/**
 * AWS credentials that sign the requests.
 *
 * @param region AWS region of the endpoint
 * @param credentials the source of the credentials, asked at each use
 */
public record SigV4Identity(String region, CredentialsOptions credentials) implements DeviceIdentity {

    /**
     * The service name of signatures.
     *
     * @see <a href="https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html">AWS IoT
     *     data plane API</a>
     */
    private static final String SERVICE = "iotdevicegateway";

    /** Creates a signer that uses the system clock. */
    public SigV4Signer signer() {
        return new SigV4Signer(region, SERVICE, Clock.systemUTC());
    }
}
