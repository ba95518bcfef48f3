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
package io.cameliot.awsiot.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "SHADOW|{\"code\":409,\"message\":\"Version conflict\",\"clientToken\":\"426bfd96\"}|409|Version conflict|false",
                "SHADOW|{\"code\":413,\"message\":\"Json document too large.  Size is 8582, max allowed: 8192\"}|413|Json document too large.  Size is 8582, max allowed: 8192|false",
                "SHADOW|{\"code\":404,\"message\":\"No shadow exists with name: 'T'\"}|404|No shadow exists with name: 'T'|false",
                "SHADOW|{\"code\":429,\"message\":\"Too many requests\"}|429|Too many requests|true",
                "SHADOW|{\"code\":500}|500|-|true",
                "SHADOW|{\"code\":\"503\"}|503|-|true",
                "SHADOW|no JSON|unknown|-|false",
                "SHADOW|''|unknown|-|false",
                "SHADOW|{\"code\":null,\"message\":{}}|unknown|-|false",
                "JOBS|{\"code\":\"VersionMismatch\",\"message\":\"m\",\"executionState\":{}}|VersionMismatch|m|false",
                "JOBS|{\"code\":\"RequestThrottled\"}|RequestThrottled|-|true",
                "JOBS|{\"code\":\"InternalError\"}|InternalError|-|true",
                "JOBS|{\"code\":\"InvalidStateTransition\"}|InvalidStateTransition|-|false",
                "JOBS|{\"code\":\"TerminalStateReached\"}|TerminalStateReached|-|false",
                "COMMANDS|{\"executionId\":\"E\",\"error\":\"DataConflict\",\"errorMessage\":\"modified concurrently\"}|DataConflict|modified concurrently|true",
                "COMMANDS|{\"error\":\"InternalError\"}|InternalError|-|true",
                "COMMANDS|{\"error\":\"RequestThrottled\"}|RequestThrottled|-|true",
                "COMMANDS|{\"error\":\"TerminalStateReached\"}|TerminalStateReached|-|false",
                "PROVISIONING|{\"statusCode\":400,\"errorCode\":\"InvalidCertificateOwnershipToken\",\"errorMessage\":\"m\"}|InvalidCertificateOwnershipToken|m|false",
                "PROVISIONING|{\"statusCode\":429,\"errorCode\":\"Throttled\"}|Throttled|-|true",
                "PROVISIONING|{\"statusCode\":500,\"errorCode\":\"InternalError\"}|InternalError|-|true",
                "DEVICE_DEFENDER|{\"reportId\":1,\"status\":\"REJECTED\",\"statusDetails\":{\"ErrorCode\":\"InvalidPayload\",\"ErrorMessage\":\"m\"}}|InvalidPayload|m|false",
                "DEVICE_DEFENDER|{}|unknown|-|false"
            })
    void readsCodeAndMessageAndWhetherItCanPass(
            Rejection service, String answer, String code, String message, boolean retryable) {
        assertThat(service.read(answer.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Rejection.Reason(code, message, retryable));
    }
}
