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
package io.cameliot.testinfra.awsiot;

import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.junit.FailedTestReport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts an {@link AwsIotEmulator} for a test class (in a static field) or for each test (in an instance field), and closes it
 * afterwards. After each test it removes the test's faults and policies, and before each it restarts the emulator if the previous
 * test has stopped it. If a test fails it prints what the emulator refused meanwhile, and the latest messages. Test methods can
 * have it as a parameter.
 * <pre>{@code
 * @RegisterExtension
 * static final AwsIotEmulatorExtension AWS =
 *         new AwsIotEmulatorExtension(AwsIotEmulator.builder().region("us-east-1"));
 * }</pre>
 */
public final class AwsIotEmulatorExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private final AwsIotEmulator emulator;
    private String owner;
    private Policies ofTheStart;
    private Policies ofTheClass;

    /** Creates an extension with default settings. */
    public AwsIotEmulatorExtension() {
        this(AwsIotEmulator.builder());
    }

    /**
     * Creates an extension.
     *
     * @param builder the settings
     */
    public AwsIotEmulatorExtension(AwsIotEmulatorBuilder builder) {
        emulator = builder.build();
    }

    /**
     * The emulator, which runs from the start of the test class or the test.
     *
     * @return the emulator
     */
    public AwsIotEmulator emulator() {
        return emulator;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // The outer class of a nested one has already started it.
        if (owner == null) {
            owner = context.getUniqueId();
            ofTheStart = emulator.account().policies().copy();
            emulator.start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        emulator.start();
        FailedTestReport.begin(context, emulator.events());
        ofTheClass = emulator.account().policies().copy();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        FailedTestReport.end(context, emulator.events(), "AWS IoT emulator");
        emulator.faults().clear();
        emulator.account().policies().restore(ofTheClass);
        if (owner == null) {
            emulator.close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getUniqueId().equals(owner)) {
            owner = null;
            emulator.account().policies().restore(ofTheStart);
            emulator.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == AwsIotEmulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return emulator;
    }
}
