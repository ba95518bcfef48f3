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
package io.cameliot.awsiot.provisioning;

import org.apache.camel.Message;

/** Puts a result into a message: as the body, and the fields that routes use most as headers. */
final class ProvisioningMessage {

    private ProvisioningMessage() {}

    static void fill(Message message, DeviceProvisioningResult result) {
        message.setBody(result);
        set(message, AwsIotProvisioningConstants.THING_NAME, result.getThingName());
        set(message, AwsIotProvisioningConstants.CERTIFICATE_ID, result.getCertificateId());
        set(message, AwsIotProvisioningConstants.CERTIFICATE_FILE, result.getCertificateFile());
        set(message, AwsIotProvisioningConstants.PRIVATE_KEY_FILE, result.getPrivateKeyFile());
    }

    /** Sets a header, or removes it without a value, because a header of an earlier device must not stay. */
    private static void set(Message message, String header, String value) {
        if (value == null) {
            message.removeHeader(header);
        } else {
            message.setHeader(header, value);
        }
    }
}
