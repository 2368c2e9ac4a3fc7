package io.bertfinetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateScheduleTest {
    record Golden(long total_steps, double base_learning_rate, List<Long> steps, List<Case> cases) {}

    record Case(String type, Map<String, Double> kwargs, long warmup_steps, List<Double> factors) {
        @Override
        public String toString() {
            return type + " " + kwargs + ", warmup " + warmup_steps;
        }
    }

    private static final Golden GOLDEN = golden();

    static Stream<Case> cases() {
        return GOLDEN.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsHuggingFace(Case golden) {
        LearningRateSchedule schedule = LearningRateSchedule.named(golden.type(), golden.kwargs());

        for (int i = 0; i < GOLDEN.steps().size(); i++) {
            long step = GOLDEN.steps().get(i);
            double factor = schedule.factor(Progress.at(step, GOLDEN.total_steps())
                    .warmup(Steps.of(golden.warmup_steps()))
                    .baseLearningRate(GOLDEN.base_learning_rate()));

            assertThat(factor)
                    .as("factor at step %d", step)
                    .isCloseTo(golden.factors().get(i), within(1e-12));
        }
    }

    static Stream<LearningRateSchedule> schedules() {
        return Stream.of(
                LearningRateSchedule.linear(),
                LearningRateSchedule.constant(),
                LearningRateSchedule.constantWithWarmup(),
                LearningRateSchedule.cosine(),
                LearningRateSchedule.cosine(1.5),
                LearningRateSchedule.cosineWithRestarts(1),
                LearningRateSchedule.cosineWithRestarts(3),
                LearningRateSchedule.cosineWithMinLr(0.1),
                LearningRateSchedule.polynomial(1, 1e-7),
                LearningRateSchedule.polynomial(2, 1e-6),
                LearningRateSchedule.inverseSqrt(),
                LearningRateSchedule.named("inverse_sqrt", Map.of("timescale", 50.0)),
                LearningRateSchedule.warmupStableDecay(200),
                LearningRateSchedule.warmupStableDecay(200, 0.1),
                LearningRateSchedule.reduceLrOnPlateau(),
                LearningRateSchedule.reduceLrOnPlateau()
                        .mode(ReduceLrOnPlateau.Mode.MAX)
                        .cooldown(2));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void comesBackFromItsNameAndSettings(LearningRateSchedule schedule) {
        assertThat(LearningRateSchedule.named(schedule.type(), schedule.kwargs()))
                .isEqualTo(schedule);
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void staysPastTheEndWhereItEnded(LearningRateSchedule schedule) {
        if (schedule.type().equals("inverse_sqrt")) {
            return; // it has no end
        }

        double end = schedule.factor(Progress.at(100, 100).baseLearningRate(1e-3));

        assertThat(schedule.factor(Progress.at(150, 100).baseLearningRate(1e-3)))
                .isCloseTo(end, within(1e-12));
    }

    @Test
    void whatIsNotSaidIsHuggingFacesDefault() {
        assertThat(LearningRateSchedule.named("cosine", Map.of())).isEqualTo(LearningRateSchedule.cosine(0.5));
        assertThat(LearningRateSchedule.named("cosine_with_restarts", Map.of()))
                .isEqualTo(LearningRateSchedule.cosineWithRestarts(1));
        assertThat(LearningRateSchedule.named("polynomial", Map.of()))
                .isEqualTo(LearningRateSchedule.polynomial(1.0, 1e-7));
    }

    @Test
    void oneOfYourOwnIsItsCurveAfterAWarmup() {
        LearningRateSchedule half = progress -> 1 - progress.afterWarmup() / 2;

        Steps warmup = Steps.of(10);

        assertThat(half.factor(Progress.at(0, 110).warmup(warmup))).isZero();
        assertThat(half.factor(Progress.at(5, 110).warmup(warmup))).isEqualTo(0.5);
        assertThat(half.factor(Progress.at(10, 110).warmup(warmup))).isEqualTo(1);
        assertThat(half.factor(Progress.at(110, 110).warmup(warmup))).isEqualTo(0.5);
        assertThat(half.type()).isEqualTo("custom");
        assertThat(half.kwargs()).isEmpty();
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named("greedy", Map.of()))
                .withMessageContaining("'greedy'")
                .withMessageContaining("linear, constant, constant_with_warmup, cosine");
    }

    @Test
    void anUnknownSettingListsTheKnownOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named("polynomial", Map.of("lrEnd", 1e-7)))
                .withMessageContaining("'lrEnd'")
                .withMessageContaining("[power, lr_end]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named("linear", Map.of("power", 1.0)))
                .withMessageContaining("takes none");
    }

    @ParameterizedTest
    @CsvSource({"cosine_with_min_lr, min_lr_rate", "warmup_stable_decay, num_decay_steps"})
    void aMissingSettingIsNamed(String type, String setting) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named(type, Map.of()))
                .withMessageContaining(type)
                .withMessageContaining(setting);
    }

    @ParameterizedTest
    @CsvSource({
        "cosine, num_cycles, 0",
        "cosine_with_restarts, num_cycles, 1.5",
        "cosine_with_restarts, num_cycles, 0",
        "cosine_with_min_lr, min_lr_rate, 1.1",
        "polynomial, power, 0",
        "polynomial, lr_end, -1",
        "inverse_sqrt, timescale, -1",
        "warmup_stable_decay, num_decay_steps, -1"
    })
    void aSettingOutsideItsRangeIsNamed(String type, String setting, double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LearningRateSchedule.named(type, Map.of(setting, value)))
                .withMessageContaining(type)
                .withMessageContaining(setting);
    }

    @Test
    void polynomialNeedsALearningRateAboveItsEnd() {
        LearningRateSchedule polynomial = LearningRateSchedule.polynomial(1, 1e-3);

        assertThatIllegalStateException().isThrownBy(() -> polynomial.factor(Progress.at(0, 10)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> polynomial.factor(Progress.at(0, 10).baseLearningRate(2e-5)))
                .withMessageContaining("lr_end is 0.001")
                .withMessageContaining("2.0E-5");
    }

    private static Golden golden() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(LearningRateScheduleTest.class.getResourceAsStream("/golden/schedules.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, Golden.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
