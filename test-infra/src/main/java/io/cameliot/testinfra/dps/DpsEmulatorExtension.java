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

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a {@link DpsEmulator} for a test class (in a static field) or for each test (in an instance field), and gives it
 * to test methods that have a parameter of its type. Before each test an emulator of the class is
 * {@linkplain DpsEmulator#reset() reset}.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final DpsEmulatorExtension DPS = new DpsEmulatorExtension(
 *         dps -> dps.enroll(Enrollment.individual("boiler-7").symmetricKey(key).build()));
 * }</pre>
 */
public final class DpsEmulatorExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private final UnaryOperator<DpsEmulatorBuilder> setup;
    private DpsEmulator emulator;
    /** How many classes deep the tests are: a nested class shares the emulator of its outer class. */
    private int classes;

    /** Starts emulators with the defaults of {@link DpsEmulatorBuilder}. */
    public DpsEmulatorExtension() {
        this(UnaryOperator.identity());
    }

    /**
     * Starts emulators that are set up.
     *
     * @param setup sets an emulator up
     */
    public DpsEmulatorExtension(UnaryOperator<DpsEmulatorBuilder> setup) {
        this.setup = setup;
    }

    /**
     * Returns the emulator that runs.
     *
     * @return the emulator
     * @throws IllegalStateException when none runs
     */
    public DpsEmulator emulator() {
        if (emulator == null) {
            throw new IllegalStateException(
                    "The emulator runs only during tests: is the field's annotation" + " @RegisterExtension missing?");
        }
        return emulator;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ == 0) {
            start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (classes > 0) {
            emulator.reset();
        } else {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (classes == 0) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0) {
            stop();
        }
    }

    private void start() {
        emulator = setup.apply(DpsEmulator.builder()).build().start();
    }

    private void stop() {
        if (emulator != null) {
            emulator.close();
            emulator = null;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DpsEmulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return emulator();
    }
}
