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
package io.cameliot.awsiot.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.awsiot.publish.PublishException;
import io.cameliot.awsiot.publish.PublishRequest;
import io.cameliot.common.mqtt.MessageProperties;
import io.cameliot.common.mqtt.PublishRefusedException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreportedTest {

    private static final PublishRequest REPORT = new PublishRequest("t", new byte[0], 1, false, MessageProperties.NONE);

    /** 0x87 can pass, because a policy can be corrected. */
    @ParameterizedTest
    @CsvSource({"0x80, UNANSWERED", "0x87, UNANSWERED", "0x97, UNANSWERED", "0x90, LASTING", "0x95, LASTING"})
    void sendsAReportAgainUnlessTheServerWouldRefuseItForEver(String code, ReportFailure kind) {
        PublishException refused =
                new PublishException(REPORT, "not taken", new PublishRefusedException(Integer.decode(code), "refused"));

        assertThat(Unreported.kind(refused)).isEqualTo(kind);
    }

    @Test
    void sendsAReportAgainThatGotNoAnswer() {
        assertThat(Unreported.kind(new TimeoutException())).isEqualTo(ReportFailure.UNANSWERED);
        assertThat(Unreported.kind(new PublishException(REPORT, "lost", new IOException("closed"))))
                .isEqualTo(ReportFailure.UNANSWERED);
        assertThat(Unreported.kind(new IllegalArgumentException())).isEqualTo(ReportFailure.LASTING);
    }
}
