// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

class StepChartTest {

    private static final StepResult RESULT = new StepResult(
            "proxies are rolled",
            3,
            0,
            2,
            1001,
            Duration.ofSeconds(2),
            1,
            List.of(Duration.ofMillis(1500), Duration.ofMillis(3500)),
            Map.of(1006, 1L));

    @Test
    void eachConnectionEndsAtTheTimeOfItsCloseFrame() throws Exception {
        Document chart = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(new StepChart("A roll-out", RESULT).svg())));

        var ends = chart.getElementsByTagName("circle");
        assertThat(ends.getLength()).as("two connections and the legend").isEqualTo(3);
        double first = x(ends.item(0));
        double second = x(ends.item(1));
        double twoSeconds = x(chart.getElementsByTagName("line").item(2), "x1")
                - x(chart.getElementsByTagName("line").item(0), "x1");
        assertThat(second - first).isCloseTo(twoSeconds, offset(0.2));
    }

    @Test
    void theHeadingCountsConnectionsThatWereReset() {
        assertThat(new StepChart("A roll-out", RESULT).svg())
                .contains("3 WebSockets: 2 closed with code 1001, at most 1 in one second; 1 cut");
    }

    private static double x(Node node) {
        return x(node, "cx");
    }

    private static double x(Node node, String attribute) {
        return Double.parseDouble(((Element) node).getAttribute(attribute));
    }
}
