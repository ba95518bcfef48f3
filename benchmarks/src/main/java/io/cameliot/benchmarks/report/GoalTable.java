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

import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.Check;
import io.cameliot.benchmarks.plan.Goal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The goals and their results, in Markdown. */
final class GoalTable {

    private GoalTable() {}

    static String of(Results results) {
        StringBuilder table =
                new StringBuilder("| goal | figure | wanted | measured | |\n| --- | --- | --- | --- | --- |\n");
        for (Goal goal : Goal.ALL) {
            String title = goal.title();
            for (Check check : goal.checks()) {
                Optional<Verdict> verdict = Verdict.of(check, results);
                String outcome = verdict.map(known -> known.isMet() ? "met" : "**short**")
                        .orElse("not measured");
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s | %s |%n",
                        title,
                        check.metric().label() + " (" + check.caseId() + ")",
                        wanted(check),
                        verdict.map(GoalTable::figure).orElse(""),
                        outcome));
                title = "";
            }
        }
        return table.toString();
    }

    /** Explains the goals that are not reached, with a paragraph for each. */
    static String reasons(Results results) {
        StringBuilder text = new StringBuilder();
        List<Goal> goals = Goal.ALL.stream()
                .filter(goal -> goal.checks().stream()
                        .flatMap(check -> Verdict.of(check, results).stream())
                        .anyMatch(verdict -> !verdict.isMet()))
                .toList();
        for (Goal goal : goals) {
            text.append(String.format(
                    Locale.ROOT,
                    "\nShort: *%s*. %s%n",
                    goal.title(),
                    Reasons.of(goal).orElse("The reason is not known yet.")));
        }
        return text.toString();
    }

    /** Formats a limit, such as {@code at least 1.1 × AWS SDK}. */
    static String wanted(Check check) {
        return (check.metric().moreIsBetter() ? "at least " : "at most ") + Numbers.text(check.limit()) + unit(check);
    }

    /** Formats a result, such as {@code 1.23 [1.1-1.35] × AWS SDK}. */
    static String figure(Verdict verdict) {
        return verdict.figure() + unit(verdict.check());
    }

    private static String unit(Check check) {
        return check.other()
                .map(Peer::title)
                .map(title -> " × " + title)
                .orElse(" " + check.metric().unit());
    }
}
