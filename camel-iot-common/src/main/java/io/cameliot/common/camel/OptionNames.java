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
package io.cameliot.common.camel;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the option that a misspelt name may mean. */
final class OptionNames {

    private static final int SHORTEST_BEGINNING = 4;

    private OptionNames() {}

    /**
     * Returns the most similar name. Case and dashes do not count. Up to a third of its letters, and always two, may be
     * wrong, missing, added or swapped with their neighbours; or only its beginning is there.
     *
     * @return empty if none is similar
     */
    static Optional<String> nearest(String name, Collection<String> names) {
        String written = normalized(name);
        return names.stream()
                .filter(known -> isSimilar(written, normalized(known)))
                .min(Comparator.<String>comparingInt(known -> distance(written, normalized(known)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static boolean isSimilar(String written, String known) {
        return distance(written, known) <= Math.max(2, known.length() / 3)
                || written.length() >= SHORTEST_BEGINNING && known.startsWith(written);
    }

    private static String normalized(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * The optimal string alignment distance: the number of letters to change, insert, delete, or swap with the next.
     * Neither Camel's nor the JDK's API has such a function, and a library for these lines would be one more to bring
     * along.
     */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, from, to, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, String from, String to, int i, int j) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int cheapest = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(cheapest, cost[i - 2][j - 2] + 1) : cheapest;
    }
}
