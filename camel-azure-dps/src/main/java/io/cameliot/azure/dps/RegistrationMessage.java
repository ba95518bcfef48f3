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
package io.cameliot.azure.dps;

import org.apache.camel.Message;

/** Puts an assignment into a message: the result as the body, and the fields that routes use most as headers. */
final class RegistrationMessage {

    /** Exchange property: the registration id that the header has from a URI. */
    private static final String FROM_URI = "CamelAzureDpsRegistrationIdFromUri";

    private RegistrationMessage() {}

    static void fill(Message message, DeviceRegistrationResult result) {
        boolean fromRoute = isFromRoute(message);
        message.setBody(result);
        set(message, DpsConstants.REGISTRATION_ID, result.getRegistrationId());
        if (!fromRoute) {
            message.getExchange().setProperty(FROM_URI, result.getRegistrationId());
        }
        set(message, DpsConstants.DEVICE_ID, result.getDeviceId());
        set(message, DpsConstants.ASSIGNED_HUB, result.getAssignedHub());
        set(message, DpsConstants.STATUS, result.getStatus());
        set(message, DpsConstants.SUBSTATUS, result.getSubstatus());
        set(message, DpsConstants.OPERATION_ID, result.getOperationId());
    }

    /**
     * Returns whether the route has set the header with the registration id. The header of an earlier result stays on
     * the message, and must not take the place of the device that the URI of the next endpoint names.
     */
    static boolean isFromRoute(Message message) {
        Object id = message.getHeader(DpsConstants.REGISTRATION_ID);
        return id != null && !id.equals(message.getExchange().getProperty(FROM_URI));
    }

    /** Sets the header to the registration id in a URI. */
    static void setFromUri(Message message, String id) {
        message.setHeader(DpsConstants.REGISTRATION_ID, id);
        message.getExchange().setProperty(FROM_URI, id);
    }

    /** Sets a header, or removes it without a value, because a header of an earlier device must not stay. */
    private static void set(Message message, String header, String value) {
        if (value == null || value.isEmpty()) {
            message.removeHeader(header);
        } else {
            message.setHeader(header, value);
        }
    }
}
