package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import io.bertfinetune.optim.ReduceLrOnPlateau.Mode;
import io.bertfinetune.optim.ReduceLrOnPlateau.ThresholdMode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReduceLrOnPlateauTest {
    private static final Golden GOLDEN = golden();

    record Golden(double base_learning_rate, List<Case> cases) {}

    record Case(Map<String, Object> kwargs, List<Double> evaluations, List<Double> rates) {}

    static Stream<Case> cases() {
        return GOLDEN.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(Case golden) {
        LearningRateSchedule schedule = LearningRateSchedule.named("reduce_lr_on_plateau", golden.kwargs());

        for (int seen = 0; seen <= golden.evaluations().size(); seen++) {
            double factor = schedule.factor(Progress.at(10L * seen, 1000)
                    .baseLearningRate(GOLDEN.base_learning_rate())
                    .evaluations(golden.evaluations().subList(0, seen)));

            assertThat(GOLDEN.base_learning_rate() * factor)
                    .as("after %d evaluations", seen)
                    .isCloseTo(golden.rates().get(seen), within(1e-18));
        }
    }

    @Test
    void theGoldenCasesLowerTheLearningRate() {
        assertThat(GOLDEN.cases())
                .filteredOn(golden -> golden.rates().get(40) < GOLDEN.base_learning_rate())
                .hasSizeGreaterThan(30);
    }

    @Test
    void inALoopOfOnesOwnItIsHandedTheEvaluations() {
        LearningRateSchedule schedule =
                LearningRateSchedule.reduceLrOnPlateau().factor(0.5).patience(1);
        List<Double> losses = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        for (double loss : new double[] {1.0, 0.8, 0.9, 0.85, 0.7}) {
            rates.add(1e-3
                    * schedule.factor(Progress.at(0, 5).baseLearningRate(1e-3).evaluations(losses)));
            losses.add(loss);
        }

        assertThat(rates).containsExactly(1e-3, 1e-3, 1e-3, 1e-3, 5e-4);
    }

    @Test
    void aLossThatIsNotANumberIsNoBetter() {
        ReduceLrOnPlateau schedule =
                LearningRateSchedule.reduceLrOnPlateau().factor(0.5).patience(0);

        assertThat(schedule.factor(Progress.at(0, 5).baseLearningRate(1).evaluations(List.of(Double.NaN, Double.NaN))))
                .isEqualTo(0.25);
    }

    @Test
    void everySettingHasItsName() {
        ReduceLrOnPlateau all = new ReduceLrOnPlateau(Mode.MAX, 0.5, 2, 0.01, ThresholdMode.ABS, 3, 1e-6, 1e-9);

        assertThat(all.kwargs())
                .isEqualTo(Map.of(
                        "mode",
                        "max",
                        "factor",
                        0.5,
                        "patience",
                        2,
                        "threshold",
                        0.01,
                        "threshold_mode",
                        "abs",
                        "cooldown",
                        3,
                        "min_lr",
                        1e-6,
                        "eps",
                        1e-9));
        assertThat(LearningRateSchedule.reduceLrOnPlateau()
                        .mode(Mode.MAX)
                        .factor(0.5)
                        .patience(2)
                        .threshold(0.01, ThresholdMode.ABS)
                        .cooldown(3)
                        .minLr(1e-6))
                .isEqualTo(new ReduceLrOnPlateau(Mode.MAX, 0.5, 2, 0.01, ThresholdMode.ABS, 3, 1e-6, 1e-8));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        ReduceLrOnPlateau schedule = LearningRateSchedule.reduceLrOnPlateau();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.factor(1))
                .withMessage("reduce_lr_on_plateau: factor is 1.0, expected 0 to below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.patience(-1))
                .withMessageContaining("patience is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named(schedule.type(), Map.of("mode", "best")))
                .withMessageContaining("'mode' is best, expected one of [min, max]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named(schedule.type(), Map.of("factor", "half")))
                .withMessageContaining("'factor' is half, expected a number");
        assertThatIllegalStateException()
                .isThrownBy(() -> schedule.factor(Progress.at(0, 1)))
                .withMessageContaining("baseLearningRate");
    }

    private static Golden golden() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(ReduceLrOnPlateauTest.class.getResourceAsStream("/golden/plateau.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, Golden.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
