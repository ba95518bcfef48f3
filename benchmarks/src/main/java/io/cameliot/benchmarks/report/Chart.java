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

import io.cameliot.benchmarks.client.Metric;
import io.cameliot.benchmarks.peer.Peer;
import io.cameliot.benchmarks.plan.BenchmarkCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A chart of the rates of all peers, relative to ours. */
final class Chart {

    private static final int WIDTH = 1200;
    private static final int HEIGHT = 600;

    private Chart() {}

    /** Draws the chart; empty if no case was measured by its rate. */
    static Optional<byte[]> svg(Results results) throws IOException {
        List<BenchmarkCase> cases = results.cases().stream()
                .filter(benchmark -> benchmark.metric() == Metric.RATE)
                .toList();
        if (cases.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .theme(ChartTheme.Matlab)
                .title("Rate beside ours (1.0 is awsiot-device: or azure-dps:, medians)")
                .yAxisTitle("times ours")
                .build();
        CategoryStyler styler = chart.getStyler();
        styler.setLegendPosition(LegendPosition.InsideNE);
        styler.setXAxisLabelRotation(20);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setAvailableSpaceFill(0.95);
        List<String> labels = cases.stream().map(BenchmarkCase::id).toList();
        for (Peer peer : peers(cases)) {
            List<Double> bars = new ArrayList<>();
            for (BenchmarkCase benchmark : cases) {
                bars.add(results.ratio(benchmark, peer, benchmark.ours(), Metric.RATE)
                        .map(Spread::median)
                        .orElse(null));
            }
            if (bars.stream().anyMatch(bar -> bar != null)) {
                chart.addSeries(peer.title(), labels, bars);
            }
        }
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsFormat.SVG);
        return Optional.of(svg.toByteArray());
    }

    private static List<Peer> peers(List<BenchmarkCase> cases) {
        return Stream.of(Peer.values())
                .filter(peer ->
                        cases.stream().anyMatch(benchmark -> benchmark.peers().contains(peer)))
                .toList();
    }
}
