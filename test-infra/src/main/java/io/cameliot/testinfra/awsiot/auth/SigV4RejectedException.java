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

import io.cameliot.testinfra.event.AwsIotRule;
import java.util.function.Supplier;

/** A Signature Version 4 was refused. The message is sent to the client. */
public final class SigV4RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final AwsIotRule rule;
    private final transient Supplier<String> detail;

    SigV4RejectedException(AwsIotRule rule, String message) {
        this(rule, message, () -> message);
    }

    SigV4RejectedException(AwsIotRule rule, String message, Supplier<String> detail) {
        super(message);
        this.rule = rule;
        this.detail = detail;
    }

    /** The rule that the client has broken. */
    public AwsIotRule rule() {
        return rule;
    }

    /** What exactly was wrong, without secrets. It is not sent to the client. */
    public Supplier<String> detail() {
        return detail;
    }
}
