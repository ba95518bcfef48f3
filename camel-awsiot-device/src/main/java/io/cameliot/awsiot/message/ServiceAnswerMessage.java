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
package io.cameliot.awsiot.message;

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.service.ServiceAnswer;
import org.apache.camel.Message;

/** Converts the answer of a service to the message of an exchange. */
public final class ServiceAnswerMessage {

    private ServiceAnswerMessage() {}

    /** Sets body and headers. Keeps the other headers of the route. */
    public static void fill(Message message, ServiceAnswer answer) {
        if (answer.message() != null) {
            ArrivedMessage.answer(message, answer.message());
        } else {
            MessagePropertyHeaders.NAMES.forEach(message::removeHeader);
            message.setBody(answer.body());
            message.setHeader(AwsIotDeviceConstants.HTTP_RESPONSE_CODE, answer.httpStatus());
            message.setHeader(AwsIotDeviceConstants.TRACE_ID, answer.traceId());
        }
        set(message, AwsIotDeviceConstants.CLIENT_TOKEN, answer.clientToken());
        set(
                message,
                AwsIotDeviceConstants.ERROR_CODE,
                answer.accepted() ? null : answer.reason().code());
    }

    /** Sets a header. Without a value, removes the header of an earlier request. */
    private static void set(Message message, String header, String value) {
        if (value == null) {
            message.removeHeader(header);
        } else {
            message.setHeader(header, value);
        }
    }
}
