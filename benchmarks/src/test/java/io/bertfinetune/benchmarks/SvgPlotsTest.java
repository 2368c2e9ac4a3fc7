package io.bertfinetune.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class SvgPlotsTest {
    private static final String PICTURE = SvgPlots.of(List.of(List.of(new SvgPlots.Plot(
            "length & more", "ms", Map.of("a <side>", new TreeMap<>(Map.of(32.0, 10.0, 64.0, 20.0, 128.0, 40.0)))))));

    @Test
    void thePictureIsXmlWithAPointForEveryNumber() throws Exception {
        NodeList texts = parse().getElementsByTagName("text");

        assertThat(IntStream.range(0, texts.getLength())
                        .mapToObj(i -> texts.item(i).getTextContent()))
                .contains("length & more", "a <side>", "32", "64", "128");
        assertThat(parse().getElementsByTagName("circle").getLength()).isEqualTo(3 + 1); // and the legend's
    }

    @Test
    void whatDoublesIsAStraightLine() throws Exception {
        Element line = (Element) parse().getElementsByTagName("polyline").item(0);

        double[][] places = List.of(line.getAttribute("points").split(" ")).stream()
                .map(place ->
                        new double[] {Double.parseDouble(place.split(",")[0]), Double.parseDouble(place.split(",")[1])})
                .toArray(double[][]::new);

        assertThat(places[1][0] - places[0][0]).isCloseTo(places[2][0] - places[1][0], within(0.2));
        assertThat(places[1][1] - places[0][1]).isCloseTo(places[2][1] - places[1][1], within(0.2));
        assertThat(places[1][1]).isLessThan(places[0][1]); // up is less in a picture
    }

    private static Document parse() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(PICTURE)));
    }
}
