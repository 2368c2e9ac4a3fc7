package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HeatMapTest {
    private static final HeatMap MAP =
            new HeatMap("layer 0, head 1", List.of("a", "<b>"), new double[][] {{1, 0}, {0.25, 0.75}});

    @Test
    void aCellForEveryWeightThatShows() {
        String svg = HeatMap.svg(List.of(MAP));

        assertThat(svg.lines().filter(line -> line.contains("class=\"cell\"")))
                .hasSize(3)
                .first()
                .asString()
                .endsWith("opacity=\"1.00\"/>");
    }

    @Test
    void theRowLooksAndTheColumnIsLookedAt() {
        String svg = HeatMap.svg(List.of(MAP));

        String quarter = svg.lines()
                .filter(line -> line.contains("opacity=\"0.25\""))
                .findFirst()
                .orElseThrow();
        String three = svg.lines()
                .filter(line -> line.contains("opacity=\"0.75\""))
                .findFirst()
                .orElseThrow();
        assertThat(number(quarter, "y")).isEqualTo(number(three, "y"));
        assertThat(number(quarter, "x")).isLessThan(number(three, "x"));
    }

    @Test
    void itIsXmlWithTitleAndDescription() throws Exception {
        String svg = HeatMap.svg(List.of(MAP, MAP));

        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));

        assertThat(document.getElementsByTagName("title").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                .endsWith("layer 0, head 1; layer 0, head 1.");
    }

    private static int number(String line, String attribute) {
        return Integer.parseInt(line.replaceAll(".* " + attribute + "=\"(\\d+)\".*", "$1"));
    }
}
