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
package io.cameliot.testinfra.awsiot.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.testinfra.awsiot.auth.SigV4Signature.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of the AWS Signature Version 4 test suite (awslabs/aws-c-auth, Apache License 2.0). */
class SigV4SignatureTest {
    @ParameterizedTest
    @CsvSource({
        "get-vanilla, GET, /, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        "get-vanilla-query-order-key-case, GET, /?Param2=value2&Param1=value1,"
                + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        "post-vanilla, POST, /, 5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    })
    void computesTheSignaturesOfTheTestSuite(String name, String method, String target, String signature) {
        SignedRequest request = new SignedRequest(
                method,
                target,
                Map.of("Host", List.of("example.amazonaws.com"), "X-Amz-Date", List.of("20150830T123600Z")),
                new byte[0]);

        assertThat(SigV4Signature.compute(
                        request,
                        List.of("host", "x-amz-date"),
                        parameter -> true,
                        "20150830T123600Z",
                        new Scope("AKIDEXAMPLE", "20150830", "us-east-1", "service"),
                        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
                .isEqualTo(signature);
    }
}
