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
package io.cameliot.awsiot.provisioning.flow;

import io.cameliot.awsiot.service.ServiceCall;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * What a provisioning asks for, and its limits.
 *
 * @param create the request for a certificate
 * @param register the request for the registration of the thing
 * @param reprovision whether to ask for a new identity although there is one
 * @param timeout the time limit of the whole provisioning
 * @param maxRetries the number of retries in a row
 * @param backoff the pause before the nth retry (from 0)
 */
public record ProvisioningPolicy(
        ServiceCall create,
        ServiceCall register,
        boolean reprovision,
        Duration timeout,
        int maxRetries,
        IntFunction<Duration> backoff) {

    /** Returns the topic filters of all answers. */
    public List<String> filters() {
        return Stream.concat(create.filters().stream(), register.filters().stream())
                .toList();
    }
}
