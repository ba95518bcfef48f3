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

import java.util.Locale;

/** A drawing. Numbers are formatted alike in every locale. */
public final class Svg {

    private final StringBuilder text = new StringBuilder();

    /**
     * Creates a drawing on paper in the CSS class {@code paper}.
     *
     * @param width width in pixels
     * @param height height in pixels
     * @param title the title, for screen readers
     * @param style a {@code style} element
     */
    public Svg(int width, int height, String title, String style) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">%n",
                width, height, width, height);
        add("<title>%s</title>%n", escaped(title));
        text.append(style);
        add("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>%n", width, height);
    }

    /** Adds an element, formatted as by {@link String#format}; texts in it must be {@link #escaped}. */
    public Svg add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
        return this;
    }

    public static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Returns the whole file. */
    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
