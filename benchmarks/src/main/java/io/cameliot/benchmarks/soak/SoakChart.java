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
package io.cameliot.benchmarks.soak;

import static io.cameliot.benchmarks.report.Svg.escaped;

import io.cameliot.benchmarks.report.Svg;
import io.cameliot.benchmarks.soak.SoakTimeline.Lane;
import io.cameliot.benchmarks.soak.SoakTimeline.Sample;
import io.cameliot.benchmarks.soak.SoakTimeline.Span;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An SVG chart of a soak. It has a panel for each pair: the rate of arriving messages, the messages that wait, a mark for
 * each reconnect, and the faults behind them. Time goes from left to right and is the same in all panels.
 */
final class SoakChart {

    private static final int WIDTH = 1000;
    private static final int LEFT = 70;
    private static final int PLOT = 900;
    private static final int HEAD = 60;
    private static final int TITLE = 30;
    /** Height of the names of the faults, which stand upright. */
    private static final int NAMES = 130;

    private static final int RATE = 90;
    private static final int MARKS = 26;
    private static final int WAITING = 70;
    private static final int AXIS = 44;
    private static final int PANEL = TITLE + NAMES + RATE + MARKS + WAITING + AXIS;
    /** After an outage a backlog arrives at many times the usual rate, beside which the usual rate would not show. */
    private static final double HIGHEST_RATE = 4;

    /** A narrower fault has no room for its name. */
    private static final double NARROWEST_NAME = 13;

    private static final int MOST_TICKS = 12;
    private static final List<Integer> TICKS = List.of(5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600);

    private static final String STYLE =
            """
            <style>
              text { font: 14px Helvetica, Arial, sans-serif; fill: #1f2328 }
              .title { font-size: 16px; font-weight: bold } .name { font-size: 12px } .paper { fill: #ffffff }
              .fault { fill: #fde2c8 } .rate { stroke: #2563eb } .ratename { fill: #2563eb }
              .waiting { fill: #7c8591 } .reconnect { fill: #047857 } .reconnectname { fill: #047857 }
              .axis { stroke: #9ca3af; stroke-width: 1 } polyline { fill: none; stroke-width: 2 }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3 } .paper { fill: #0d1117 } .fault { fill: #4a2f17 } .rate { stroke: #60a5fa }
                .ratename { fill: #60a5fa } .waiting { fill: #8b949e } .reconnect { fill: #34d399 }
                .reconnectname { fill: #34d399 } .axis { stroke: #6b7280 }
              }
            </style>
            """;

    private final Map<String, Lane> lanes;
    private final double seconds;
    private final double mostRate;
    private final double mostWaiting;

    private SoakChart(Map<String, Lane> lanes) {
        this.lanes = lanes;
        this.seconds = Math.max(1, most(lane -> seconds(last(lane).at())));
        this.mostRate = Math.max(1, Math.min(HIGHEST_RATE * most(SoakChart::usualRate), most(SoakChart::highestRate)));
        this.mostWaiting = Math.max(1, most(lane -> lane.samples().stream()
                .mapToDouble(Sample::waiting)
                .max()
                .orElse(0)));
    }

    /**
     * Draws what happened.
     *
     * @param heading the first line, such as the options of the run
     */
    static String svg(SoakTimeline timeline, String heading) {
        return new SoakChart(timeline.lanes()).draw(heading);
    }

    private String draw(String heading) {
        Svg svg = new Svg(WIDTH, HEAD + lanes.size() * PANEL, heading, STYLE);
        svg.add("<text class=\"title\" x=\"12\" y=\"26\">%s</text>%n", escaped(heading));
        svg.add("<text x=\"12\" y=\"48\"><tspan class=\"ratename\">line: messages that arrive in a second</tspan>"
                + " (higher peaks are cut off); grey: messages that wait; <tspan class=\"reconnectname\">triangle:"
                + " a reconnect</tspan>; band: a fault</text>%n");
        int top = HEAD;
        for (Map.Entry<String, Lane> lane : lanes.entrySet()) {
            panel(svg, lane.getKey(), lane.getValue(), top);
            top += PANEL;
        }
        return svg.toString();
    }

    private void panel(Svg svg, String name, Lane lane, int top) {
        Sample end = last(lane);
        svg.add(
                "<text class=\"title\" x=\"12\" y=\"%d\">%s</text>%n",
                top + 20,
                escaped(String.format(
                        Locale.ROOT,
                        "Outbox %s: %d messages arrived, %d reconnects, %d faults",
                        name,
                        end.received(),
                        end.reconnects(),
                        lane.faults().size())));
        int rateBase = top + TITLE + NAMES + RATE;
        int waitingBase = rateBase + MARKS + WAITING;
        lane.faults().forEach(fault -> fault(svg, fault, top + TITLE, waitingBase));
        scale(svg, "%,.0f/s", mostRate, rateBase - RATE, rateBase);
        svg.add("<polyline class=\"rate\" points=\"%s\"/>%n", rates(lane.samples(), rateBase));
        reconnects(svg, lane.samples(), rateBase + 5);
        scale(svg, "%,.0f", mostWaiting, waitingBase - WAITING, waitingBase);
        svg.add("<polygon class=\"waiting\" points=\"%s\"/>%n", waiting(lane.samples(), waitingBase));
        time(svg, waitingBase);
    }

    private void fault(Svg svg, Span fault, int top, int base) {
        double x = x(fault.begin());
        double width = Math.max(1, x(fault.end()) - x);
        svg.add(
                "<rect class=\"fault\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>%n",
                x, top, width, base - top, escaped(fault.name()));
        if (width >= NARROWEST_NAME) {
            double middle = x + width / 2 + 4;
            int bottom = top + NAMES - 6;
            svg.add(
                    "<text class=\"name\" x=\"%.1f\" y=\"%d\" transform=\"rotate(-90 %.1f %d)\">%s</text>%n",
                    middle, bottom, middle, bottom, escaped(fault.name()));
        }
    }

    private static void scale(Svg svg, String format, double most, int top, int base) {
        svg.add("<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>%n", LEFT, LEFT + PLOT, base, base);
        svg.add("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">" + format + "</text>%n", LEFT - 6, top + 10, most);
        svg.add("<text text-anchor=\"end\" x=\"%d\" y=\"%d\">0</text>%n", LEFT - 6, base);
    }

    private void time(Svg svg, int base) {
        int tick = TICKS.stream()
                .filter(step -> seconds / step <= MOST_TICKS)
                .findFirst()
                .orElse(TICKS.get(TICKS.size() - 1));
        for (int second = 0; second <= seconds; second += tick) {
            svg.add(
                    "<text text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%d s</text>%n",
                    x(Duration.ofSeconds(second)), base + 18, second);
        }
    }

    private String rates(List<Sample> samples, int base) {
        StringBuilder points = new StringBuilder();
        for (int i = 1; i < samples.size(); i++) {
            point(points, samples.get(i).at(), base - Math.min(1, rate(samples, i) / mostRate) * RATE);
        }
        return points.toString();
    }

    private void reconnects(Svg svg, List<Sample> samples, int y) {
        for (int i = 1; i < samples.size(); i++) {
            if (samples.get(i).reconnects() > samples.get(i - 1).reconnects()) {
                double x = x(samples.get(i).at());
                svg.add(
                        "<polygon class=\"reconnect\" points=\"%.1f,%d %.1f,%d %.1f,%d\"/>%n",
                        x, y, x - 5, y + 10, x + 5, y + 10);
            }
        }
    }

    private String waiting(List<Sample> samples, int base) {
        StringBuilder points = new StringBuilder();
        point(points, samples.get(0).at(), base);
        for (Sample sample : samples) {
            point(points, sample.at(), base - sample.waiting() / mostWaiting * WAITING);
        }
        point(points, samples.get(samples.size() - 1).at(), base);
        return points.toString();
    }

    private void point(StringBuilder points, Duration at, double y) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(at), y));
    }

    private double x(Duration at) {
        return LEFT + seconds(at) / seconds * PLOT;
    }

    private double most(ToDoubleFunction<Lane> figure) {
        return lanes.values().stream().mapToDouble(figure).max().orElse(0);
    }

    private static double rate(List<Sample> samples, int index) {
        Sample from = samples.get(index - 1);
        Sample to = samples.get(index);
        return (to.received() - from.received())
                / Math.max(0.001, seconds(to.at().minus(from.at())));
    }

    private static double highestRate(Lane lane) {
        return rates(lane).max().orElse(0);
    }

    /** The median of the times when messages arrived. */
    private static double usualRate(Lane lane) {
        double[] sorted = rates(lane).filter(rate -> rate > 0).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private static DoubleStream rates(Lane lane) {
        return IntStream.range(1, lane.samples().size()).mapToDouble(i -> rate(lane.samples(), i));
    }

    private static Sample last(Lane lane) {
        return lane.samples().get(lane.samples().size() - 1);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
