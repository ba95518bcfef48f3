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
package io.cameliot.testinfra.dps;

import io.cameliot.testinfra.junit.FailedTestReport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a {@link DpsEmulator} for a test class (in a static field) or for each test (in an instance field). Test
 * methods can have it as a parameter. Before each test the extension {@linkplain DpsEmulator#reset() resets} the
 * emulator, and restarts it if the previous test has stopped it. If a test fails it prints what the emulator refused meanwhile, and
 * the latest messages.
 * <pre>{@code
 * @RegisterExtension
 * static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(DpsEmulator.builder()
 *         .enroll(Enrollment.individual("boiler-7").symmetricKey(key).build()));
 * }</pre>
 */
public final class DpsEmulatorExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private final DpsEmulator emulator;
    private String owner;

    /** Creates an extension with the defaults of {@link DpsEmulatorBuilder}. */
    public DpsEmulatorExtension() {
        this(DpsEmulator.builder());
    }

    /**
     * Creates an extension.
     *
     * @param builder the settings
     */
    public DpsEmulatorExtension(DpsEmulatorBuilder builder) {
        emulator = builder.build();
    }

    /**
     * Returns the emulator, which runs from the start of the test class or the test.
     *
     * @return the emulator
     */
    public DpsEmulator emulator() {
        return emulator;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // The outer class of a nested one has already started it.
        if (owner == null) {
            owner = context.getUniqueId();
            emulator.start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        emulator.start();
        emulator.reset();
        FailedTestReport.begin(context, emulator.events());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        FailedTestReport.end(context, emulator.events(), "Azure DPS emulator");
        if (owner == null) {
            emulator.close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getUniqueId().equals(owner)) {
            owner = null;
            emulator.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DpsEmulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return emulator;
    }
}
