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
package io.cameliot.testinfra.awsiot.provisioning;

import java.util.Map;

/**
 * What a template asks before it provisions a device; with AWS a Lambda function. A hook that throws or takes longer than the
 * template waits denies.
 */
@FunctionalInterface
public interface PreProvisioningHook {
    /**
     * Decides on one device. Called on a thread of its own, which may block.
     *
     * @param request who wants what
     * @return whether it may
     * @throws Exception denies
     */
    Decision decide(Request request) throws Exception;

    /**
     * Who wants what; the components are the fields of the Lambda function's input.
     *
     * @param claimCertificateId the certificate that the device is connected with
     * @param certificateId the certificate that is to become its own
     * @param certificatePem the same
     * @param templateArn the template
     * @param clientId the device's client id
     * @param parameters what the device says of itself
     */
    record Request(
            String claimCertificateId,
            String certificateId,
            String certificatePem,
            String templateArn,
            String clientId,
            Map<String, String> parameters) {
        public Request {
            parameters = Map.copyOf(parameters);
        }
    }

    /**
     * What is to be done; the components are the fields of the Lambda function's output.
     *
     * @param allowProvisioning whether the device is provisioned
     * @param parameterOverrides parameters that replace or complete the device's
     */
    record Decision(boolean allowProvisioning, Map<String, String> parameterOverrides) {
        public Decision {
            parameterOverrides = Map.copyOf(parameterOverrides);
        }

        /** Provisions the device as it wants to be. */
        public static Decision allow() {
            return new Decision(true, Map.of());
        }

        /**
         * Provisions the device with other parameters.
         *
         * @param parameterOverrides what is replaced or completed
         */
        public static Decision allow(Map<String, String> parameterOverrides) {
            return new Decision(true, parameterOverrides);
        }

        /** Does not provision the device. */
        public static Decision deny() {
            return new Decision(false, Map.of());
        }
    }
}
