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
package io.cameliot.testinfra.junit;

import io.cameliot.testinfra.event.EventLog;
import io.cameliot.testinfra.event.EventReport;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.opentest4j.TestAbortedException;

/** Prints what an emulator refused and the latest messages if a test has failed, so that the reason is in its report. */
public final class FailedTestReport {
    private static final Namespace NAMESPACE = Namespace.create(FailedTestReport.class);

    private FailedTestReport() {}

    /**
     * Begins the report of a test.
     *
     * @param context the test
     * @param log the log of its emulator
     */
    public static void begin(ExtensionContext context, EventLog log) {
        context.getStore(NAMESPACE).put(log, EventReport.since(log));
    }

    /**
     * Prints the report to the standard error stream if the test has failed. An aborted test has not failed.
     *
     * @param context the test
     * @param log the log of its emulator
     * @param emulator the emulator's name
     */
    public static void end(ExtensionContext context, EventLog log, String emulator) {
        EventReport report = context.getStore(NAMESPACE).remove(log, EventReport.class);
        boolean failed = context.getExecutionException()
                .filter(cause -> !(cause instanceof TestAbortedException))
                .isPresent();
        if (report != null && failed) {
            System.err.print(context.getDisplayName() + " has failed. " + report.text(emulator));
        }
    }
}
