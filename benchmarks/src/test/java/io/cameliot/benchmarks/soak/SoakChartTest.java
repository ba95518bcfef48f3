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

import static org.assertj.core.api.Assertions.assertThat;

import io.cameliot.benchmarks.soak.SoakTimeline.Sample;
import io.cameliot.benchmarks.soak.SoakTimeline.Span;
import java.io.StringReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SoakChartTest {

    private final SoakTimeline timeline = new SoakTimeline();

    @Test
    void drawsRateWaitingReconnectsAndFaultsOfEachPair() throws Exception {
        sample("none", 0, 0, 0, 0);
        sample("none", 1, 100, 0, 0);
        sample("none", 2, 100, 50, 0);
        sample("none", 3, 300, 0, 1);
        timeline.add("none", new Span("broker restart", Duration.ofSeconds(1), Duration.ofSeconds(2)));
        sample("file", 0, 0, 0, 0);
        sample("file", 3, 30, 200, 2);

        Document chart = parse(SoakChart.svg(timeline, "Soak --seed 7 <&>"));

        assertThat(texts(chart, "text"))
                .contains(
                        "Soak --seed 7 <&>",
                        "Outbox none: 300 messages arrived, 1 reconnects, 1 faults",
                        "Outbox file: 30 messages arrived, 2 reconnects, 0 faults",
                        "broker restart",
                        // The highest rate and the most that waited are the scale of both panels.
                        "200/s",
                        "200");
        assertThat(points(chart, "polyline", "rate"))
                .hasSize(2)
                // Higher rates are further up: y grows downwards.
                .first()
                .satisfies(points -> assertThat(points[2]).isLessThan(points[0]).isLessThan(points[1]));
        assertThat(points(chart, "polygon", "reconnect")).hasSize(2);
        assertThat(points(chart, "polygon", "waiting")).hasSize(2);
    }

    private void sample(String pair, int second, long received, long waiting, long reconnects) {
        timeline.add(pair, new Sample(Duration.ofSeconds(second), received, waiting, reconnects));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static String[] texts(Document chart, String element) {
        NodeList found = chart.getElementsByTagName(element);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> found.item(i).getTextContent())
                .toArray(String[]::new);
    }

    /** The vertical places of the points of each such element. */
    private static List<double[]> points(Document chart, String element, String style) {
        NodeList found = chart.getElementsByTagName(element);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .filter(shape -> shape.getAttribute("class").equals(style))
                .map(shape -> Arrays.stream(shape.getAttribute("points").trim().split(" "))
                        .mapToDouble(point -> Double.parseDouble(point.split(",")[1]))
                        .toArray())
                .toList();
    }
}
