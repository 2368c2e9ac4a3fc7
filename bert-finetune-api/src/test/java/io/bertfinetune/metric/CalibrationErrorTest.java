package io.bertfinetune.metric;

import static io.bertfinetune.metric.GoldenScores.assertEqualsGolden;
import static io.bertfinetune.metric.GoldenScores.measure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CalibrationErrorTest {
    @ParameterizedTest
    @MethodSource("io.bertfinetune.metric.GoldenScores#classifications")
    void equalsWhatScikitLearnsCalibrationCurveGives(GoldenScores.ScoredClassification golden) {
        golden.calibration_error().forEach((bins, expected) -> {
            CalibrationError metric = CalibrationError.of(Integer.parseInt(bins));

            assertEqualsGolden(measure(metric, golden.outcomes().stream()).get("calibration_error"), expected);
        });
    }

    @Test
    void hasFifteenBinsUnlessSaid() {
        var outcomes = GoldenScores.classifications().toList().get(0).outcomes();

        assertThat(measure(CalibrationError.of(), outcomes.stream()))
                .isEqualTo(measure(CalibrationError.of(15), outcomes.stream()))
                .isNotEqualTo(measure(CalibrationError.of(14), outcomes.stream()));
    }

    @Test
    void anEdgeBelongsToTheBinBelowIt() {
        assertThat(measure(CalibrationError.of(10), Stream.of(outcome("yes", 0.5), outcome("no", 0.55)))
                        .get("calibration_error"))
                .isCloseTo((0.5 + 0.55) / 2, within(1e-12));
        // 0.07 * 100 is more than 7 in floating point
        assertThat(measure(CalibrationError.of(100), Stream.of(outcome("yes", 0.07), outcome("no", 0.075)))
                        .get("calibration_error"))
                .isCloseTo((0.93 + 0.075) / 2, within(1e-12));
    }

    @Test
    void tooSureAndNotSureEnoughCancelOutWithinABin() {
        var outcomes = Stream.of(outcome("yes", 0.6), outcome("no", 0.6), outcome("yes", 0.6), outcome("no", 0.6));

        assertThat(measure(CalibrationError.of(), outcomes).get("calibration_error"))
                .isCloseTo(0.1, within(1e-12));
    }

    @Test
    void lessIsBetter() {
        assertThat(CalibrationError.of().greaterIsBetter()).isFalse();
        assertThat(CalibrationError.of().name()).isEqualTo("calibration_error");
    }

    @Test
    void partsCountedApartGiveTheSameNumber() {
        var golden = GoldenScores.classifications().toList().get(5);
        var outcomes = Collections.nCopies(20, golden.outcomes()).stream()
                .flatMap(List::stream)
                .toList();

        double apart = measure(CalibrationError.of(), outcomes.parallelStream()).get("calibration_error");

        assertThat(apart)
                .isCloseTo(measure(CalibrationError.of(), outcomes.stream()).get("calibration_error"), within(1e-12));
    }

    @Test
    void withoutABinThereIsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CalibrationError.of(0))
                .withMessage("CalibrationError: 0 bins, expected 1 or more");
    }

    @Test
    void ofNothingIsNotANumberNorOfWhatIsNone() {
        assertThat(measure(CalibrationError.of(), Stream.of()).get("calibration_error"))
                .isNaN();
        assertThat(measure(CalibrationError.of(), Stream.of(outcome("yes", Double.NaN)))
                        .get("calibration_error"))
                .isNaN();
    }

    private static Outcome<Example<String, String>, Classification> outcome(String truth, double probability) {
        return new Outcome<>(
                Example.of("a text", truth),
                new Classification("yes", Map.of("yes", probability, "no", 1 - probability)));
    }
}
