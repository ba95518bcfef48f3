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
package io.cameliot.awsiot.fault;

import io.cameliot.testinfra.awsiot.AwsIotEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Has an emulator that the scenes of a class share while they run beside each other. */
abstract class FaultTest {

    static AwsIotEmulator aws;

    @BeforeAll
    static void startEmulator() {
        aws = AwsIotEmulator.builder().build().start();
    }

    @AfterAll
    static void closeEmulator() {
        aws.close();
    }
}
