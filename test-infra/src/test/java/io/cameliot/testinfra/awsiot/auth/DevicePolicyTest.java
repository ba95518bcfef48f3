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

import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DevicePolicyTest {
    @Test
    void allowsNothingWithoutStatements() {
        assertThat(DevicePolicy.DENY_ALL.allows(Action.CONNECT, "sensor")).isFalse();
        assertThat(DevicePolicy.ALLOW_ALL.allows(Action.PUBLISH, "any/topic")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void allowsEveryActionToAClientWithoutAnotherPolicy(Action action) {
        DevicePolicy copy = new DevicePolicy(DevicePolicy.ALLOW_ALL.statements());

        assertThat(copy.allows(action, "any/resource")).isTrue();
    }

    @Test
    void wantsASecondPermissionForARetainedMessage() {
        DevicePolicy policy = DevicePolicy.DENY_ALL.allow(Action.PUBLISH, "a");

        assertThat(policy.forbiddenToPublish("a", false)).isEmpty();
        assertThat(policy.forbiddenToPublish("a", true)).contains(Action.RETAIN_PUBLISH);
        assertThat(policy.allow(Action.RETAIN_PUBLISH, "a").forbiddenToPublish("a", true))
                .isEmpty();
        assertThat(policy.allow(Action.RETAIN_PUBLISH, "b").forbiddenToPublish("b", true))
                .contains(Action.PUBLISH);
    }

    @ParameterizedTest
    @CsvSource({
        "sensor/*, sensor/1/state, true",
        "sensor/*, sensor/, true",
        "sensor/*, sensors/1, false",
        "sensor/?, sensor/1, true",
        "sensor/?, sensor/12, false",
        "sensor/+, sensor/1, false",
        "sensor/+, sensor/+, true",
        "a.c, abc, false",
        "*/state, x/y/state, true"
    })
    void matchesResourcesWithTheWildcardsOfAws(String resource, String topic, boolean allowed) {
        assertThat(DevicePolicy.DENY_ALL.allow(Action.PUBLISH, resource).allows(Action.PUBLISH, topic))
                .isEqualTo(allowed);
    }

    @Test
    void deniesWhatAProhibitionAndAPermissionMatch() {
        DevicePolicy policy =
                DevicePolicy.DENY_ALL.deny(Action.PUBLISH, "a/secret").allow(Action.PUBLISH, "a/*");

        assertThat(policy.allows(Action.PUBLISH, "a/b")).isTrue();
        assertThat(policy.allows(Action.PUBLISH, "a/secret")).isFalse();
        assertThat(policy.allows(Action.SUBSCRIBE, "a/b")).isFalse();
    }
}
