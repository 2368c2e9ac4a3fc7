package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.examples.LoopReport.Run;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.optim.Steps;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

class LoopPicturesTest {
    private static final List<Run> RUNS = List.of(run(42, 0.3, 0.5), run(43, 0.5, 0.7));

    private static Run run(long seed, double lastTrainLoss, double correlation) {
        return new Run(
                new HandWrittenLoop.Settings(2, 32, 3e-4, Steps.of(0), 0, 1, seed),
                List.of(
                        new HandWrittenLoop.Epoch(0.8, Metrics.of("loss", 0.6)),
                        new HandWrittenLoop.Epoch(lastTrainLoss, Metrics.of("loss", 0.7))),
                Metrics.of("matthews_correlation", correlation),
                List.of(0.4, -0.2, 0.6));
    }

    private static String picture(String name) {
        return name.equals("loss") ? LoopPictures.loss(RUNS) : LoopPictures.correlation(RUNS);
    }

    private static List<String> lines(String picture, String start) {
        return picture.lines().filter(line -> line.startsWith(start)).toList();
    }

    private static double number(String line, String attribute) {
        var matcher = Pattern.compile("\\b" + attribute + "=\"([-\\d.]+)\"").matcher(line);
        assertThat(matcher.find()).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "correlation"})
    void aPictureIsXmlWithTitleAndDescription(String name) throws Exception {
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(picture(name))));

        assertThat(document.getElementsByTagName("title").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("desc").getLength()).isEqualTo(1);
    }

    @Test
    void theThickLineIsTheMeanOfTheRuns() {
        String svg = LoopPictures.loss(RUNS);

        assertThat(lines(svg, "<path class=\"one thin\"")).hasSize(2);
        List<String> dots = lines(svg, "<circle class=\"one\"");
        assertThat(dots).hasSize(2);
        assertThat(svg).contains("Training: 0.80 0.40. Validation: 0.60 0.70.");
        // the scale begins at 0: half the loss is half as high
        double bottom = number(lines(svg, "<line class=\"zero\"").get(0), "y1");
        assertThat(bottom - number(dots.get(1), "cy"))
                .isCloseTo((bottom - number(dots.get(0), "cy")) / 2, within(0.11));
    }

    @Test
    void aBarBeginsAtZeroAndMayHang() {
        String svg = LoopPictures.correlation(RUNS);

        double zero = number(lines(svg, "<line class=\"zero\"").get(0), "y1");
        List<String> bars = lines(svg, "<rect class=\"one\"");
        assertThat(bars).hasSize(3);
        assertThat(number(bars.get(0), "y") + number(bars.get(0), "height")).isEqualTo(zero);
        assertThat(number(bars.get(1), "y")).isEqualTo(zero);
        assertThat(number(bars.get(0), "height")).isCloseTo(2 * number(bars.get(1), "height"), within(0.11));
    }

    @Test
    void everySeedIsADot() {
        String svg = LoopPictures.correlation(RUNS);

        assertThat(lines(svg, "<circle")).hasSize(2);
        assertThat(svg).contains(">42</text>", ">43</text>", "all together 0.500", "mean 0.600");
    }
}
