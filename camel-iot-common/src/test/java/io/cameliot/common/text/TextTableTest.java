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
package io.cameliot.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

    private final TextTable table = new TextTable();

    @Test
    void isEmptyWithoutARow() {
        assertThat(table).hasToString("");
    }

    @Test
    void makesColumnsAsWideAsTheirWidestCell() {
        table.add("ID", "COUNT", "STATE");
        table.add("sensor-1", 5, "CONNECTED");
        table.add("s", 1234567, null);

        assertThat(table)
                .hasToString(
                        """
                ID        COUNT    STATE
                sensor-1  5        CONNECTED
                s         1234567  -""");
    }

    @Test
    void letsARowOfOneCellWidenNoColumn() {
        table.add("ID", "STATE");
        table.add("  a line that is longer than any cell");
        table.add("a", "IDLE");

        assertThat(table)
                .hasToString(
                        """
                ID  STATE
                  a line that is longer than any cell
                a   IDLE""");
    }

    @Test
    void letsNoCellStartALineOrControlATerminal() {
        table.add("a\nb", "\u001b[2J");

        assertThat(table).hasToString("a\\nb  \\u001b[2J");
    }
}
