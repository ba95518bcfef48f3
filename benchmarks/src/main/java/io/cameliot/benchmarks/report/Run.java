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
package io.cameliot.benchmarks.report;

import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Results with their machine and date.
 *
 * @param machine the machine, without a comma, which would end the cell of a CSV file
 * @param date the date, in UTC
 */
record Run(String machine, LocalDate date, Results results) {

    Run {
        machine = machine.replace(',', ';');
    }

    /** Creates a run that has just ended on this machine. */
    static Run here(Results results) {
        return new Run(Machine.describe(), LocalDate.now(ZoneOffset.UTC), results);
    }

    boolean isOfSameDayAndMachine(Run other) {
        return date.equals(other.date) && machine.equals(other.machine);
    }
}
