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

import io.cameliot.benchmarks.measure.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import io.cameliot.benchmarks.plan.Check;
import io.cameliot.benchmarks.plan.Goal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An SVG chart of one case. It has a bar for each peer, with our component in another colour and with median and
 * extremes beside the bar, and a line for each goal of our component. It is readable at half its size, on light and on
 * dark pages.
 */
final class CaseChart {

    private static final int WIDTH = 760;
    private static final int LABELS = 150;
    private static final int BARS = 330;
    private static final int ROW = 34;
    private static final int BAR = 22;
    private static final int HEAD = 64;
    private static final int FOOT = 14;
    private static final int LINE = 24;

    private static final String STYLE =
            """
            <style>
              text { font: 16px Helvetica, Arial, sans-serif; fill: #1f2328 }
              .title { font-weight: bold } .paper { fill: #ffffff } .ours { fill: #2563eb } .peer { fill: #9ca3af }
              .spread { stroke: #1f2328; stroke-width: 2 }
              .goal { stroke: #b45309; stroke-width: 2; stroke-dasharray: 6 4 } .goalname { fill: #b45309 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 } .paper { fill: #0d1117 } .ours { fill: #60a5fa } .peer { fill: #6b7280 }
                .spread { stroke: #e6edf3 } .goal { stroke: #fbbf24 } .goalname { fill: #fbbf24 }
              }
            </style>
            """;

    private final Results results;
    private final BenchmarkCase benchmark;
    private final Metric metric;

    private CaseChart(Results results, BenchmarkCase benchmark) {
        this.results = results;
        this.benchmark = benchmark;
        this.metric = benchmark.metric();
    }

    /**
     * A goal in the chart.
     *
     * @param name the label
     * @param value the value that our component must reach
     */
    private record Line(String name, double value) {}

    private record Bar(Peer peer, Spread spread) {}

    /** Returns the chart; empty if the case measured its main figure for no peer. */
    static Optional<String> svg(Results results, BenchmarkCase benchmark) {
        CaseChart chart = new CaseChart(results, benchmark);
        List<Bar> bars = chart.bars();
        return bars.isEmpty() ? Optional.empty() : Optional.of(chart.draw(bars, chart.goals()));
    }

    private List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        for (Peer peer : benchmark.peers()) {
            results.spread(benchmark, peer, metric).ifPresent(spread -> bars.add(new Bar(peer, spread)));
        }
        return bars;
    }

    private List<Line> goals() {
        List<Line> lines = new ArrayList<>();
        for (Check check :
                Goal.ALL.stream().flatMap(goal -> goal.checks().stream()).toList()) {
            if (check.caseId().equals(benchmark.id()) && check.metric() == metric) {
                double other = check.other()
                        .flatMap(peer -> results.spread(benchmark, peer, metric))
                        .map(Spread::median)
                        .orElse(check.other().isPresent() ? Double.NaN : 1.0);
                if (!Double.isNaN(other)) {
                    lines.add(new Line("goal: " + GoalTable.wanted(check), check.limit() * other));
                }
            }
        }
        // In this order no line crosses the label of another.
        lines.sort(Comparator.comparingDouble(Line::value));
        return lines;
    }

    private String draw(List<Bar> bars, List<Line> goals) {
        double farthest = goals.stream().mapToDouble(Line::value).max().orElse(0);
        double most = Math.max(
                bars.stream().mapToDouble(bar -> bar.spread().max()).max().orElseThrow(), farthest);
        int top = HEAD + goals.size() * LINE;
        int height = top + bars.size() * ROW + FOOT;
        Svg svg = new Svg(WIDTH, height, benchmark.title(), STYLE);
        svg.add("<text class=\"title\" x=\"12\" y=\"26\">%s</text>%n", Svg.escaped(benchmark.title()));
        svg.add(
                "<text x=\"12\" y=\"50\">%s%s, %s is better</text>%n",
                Svg.escaped(metric.label()),
                metric.unit().isEmpty() ? "" : ", " + Svg.escaped(metric.unit()),
                metric.moreIsBetter() ? "more" : "less");
        for (int i = 0; i < bars.size(); i++) {
            bar(svg, bars.get(i), top + i * ROW, most, bars.get(i).peer() == benchmark.ours() ? farthest : 0);
        }
        for (int i = 0; i < goals.size(); i++) {
            goal(svg, goals.get(i), HEAD + i * LINE, top + BAR, most);
        }
        return svg.toString();
    }

    /**
     * Draws a bar.
     *
     * @param clear the value up to which no text may cover the chart
     */
    private void bar(Svg svg, Bar bar, int y, double most, double clear) {
        Spread spread = bar.spread();
        double end = x(spread.median(), most);
        double middle = y + BAR / 2.0;
        svg.add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LABELS - 8, y + 17, Svg.escaped(bar.peer().title()));
        svg.add(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                bar.peer() == benchmark.ours() ? "ours" : "peer", LABELS, y, end - LABELS, BAR);
        svg.add(
                "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
                x(spread.min(), most), x(spread.max(), most), middle, middle);
        svg.add(
                "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                x(Math.max(spread.max(), clear), most) + 8, y + 17, Svg.escaped(spread.toString()));
    }

    private void goal(Svg svg, Line goal, int y, int bottom, double most) {
        double x = x(goal.value(), most);
        svg.add("<line class=\"goal\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n", x, x, y, bottom);
        svg.add("<text class=\"goalname\" x=\"%.1f\" y=\"%d\">%s</text>%n", x + 6, y + 15, Svg.escaped(goal.name()));
    }

    private static double x(double value, double most) {
        return LABELS + value / most * BARS;
    }
}
