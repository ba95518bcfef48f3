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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Rows of text in aligned columns, two spaces apart. A column is as wide as its widest cell. The last cell of a row has
 * no column: it is neither measured nor padded, so a row of one cell can hold a line of any length.
 */
public final class TextTable {

    private static final String GAP = "  ";
    private static final String NOTHING = "-";

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Adds a row.
     *
     * @param cells each is shown as {@link ForeignText#escaped} does; null is shown as {@code -}
     */
    public void add(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(cell -> cell == null ? NOTHING : ForeignText.escaped(cell.toString()))
                .toList());
    }

    /** Returns the rows as lines, without a line break after the last one. */
    @Override
    public String toString() {
        List<Integer> widths = widths();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size() - 1; column++) {
                String cell = row.get(column);
                line.append(cell)
                        .append(" ".repeat(widths.get(column) - cell.length()))
                        .append(GAP);
            }
            lines.add(line.append(row.get(row.size() - 1)).toString());
        }
        return String.join("\n", lines);
    }

    private List<Integer> widths() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            widths.addAll(Collections.nCopies(Math.max(0, row.size() - 1 - widths.size()), 0));
            for (int column = 0; column < row.size() - 1; column++) {
                widths.set(column, Math.max(widths.get(column), row.get(column).length()));
            }
        }
        return widths;
    }
}
