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
 * The hook that a template calls before it provisions a device; a Lambda function in AWS. A hook that throws an
 * exception or exceeds the template's timeout denies the provisioning.
 */
@FunctionalInterface
public interface PreProvisioningHook {
    /**
     * Decides on one device. It runs on a thread of its own and may block.
     *
     * @param request the device's request
     * @return the decision
     * @throws Exception denies the provisioning
     */
    Decision decide(Request request) throws Exception;

    /**
     * A device's request. The components are the fields of the Lambda function's input.
     *
     * @param claimCertificateId the certificate of the device's connection
     * @param certificateId the certificate that waits for its registration
     * @param certificatePem that certificate as PEM
     * @param templateArn the ARN of the template
     * @param clientId the device's client id
     * @param parameters the device's parameters
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
     * A decision. The components are the fields of the Lambda function's output.
     *
     * @param allowProvisioning whether the device is provisioned
     * @param parameterOverrides parameters that replace the device's or are added to them
     */
    record Decision(boolean allowProvisioning, Map<String, String> parameterOverrides) {
        public Decision {
            parameterOverrides = Map.copyOf(parameterOverrides);
        }

        /** Provisions the device with its own parameters. */
        public static Decision allow() {
            return new Decision(true, Map.of());
        }

        /**
         * Provisions the device with other parameters.
         *
         * @param parameterOverrides parameters that replace the device's or are added to them
         */
        public static Decision allow(Map<String, String> parameterOverrides) {
            return new Decision(true, parameterOverrides);
        }

        /** Denies the provisioning. */
        public static Decision deny() {
            return new Decision(false, Map.of());
        }
    }
}
