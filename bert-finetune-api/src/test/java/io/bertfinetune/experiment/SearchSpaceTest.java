package io.bertfinetune.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bertfinetune.TrainingArguments;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
    private static final TrainingArguments BASE =
            TrainingArguments.builder().weightDecay(0.01).build();

    private static List<Trial> trials(SearchSpace space, int count) {
        return Search.maximize("m").over(space).trials(count).run(trial -> Metrics.of("m", 0)).trials().stream()
                .map(TrialResult::trial)
                .toList();
    }

    @Test
    void valuesGoIntoTheArguments() {
        Hyperparameter<Double> rate = Hyperparameter.logUniform("learningRate", 1e-5, 1e-3);
        Hyperparameter<Integer> length = Hyperparameter.choice("maxLength", 32, 64);

        List<Trial> trials = trials(
                SearchSpace.of(BASE)
                        .with(rate, TrainingArguments.Builder::learningRate)
                        .with(length),
                8);

        assertThat(trials).allSatisfy(trial -> {
            assertThat(trial.arguments())
                    .isEqualTo(BASE.toBuilder().learningRate(trial.get(rate)).build());
            assertThat(trial.get(length)).isIn(32, 64);
            assertThat(trial.values())
                    .containsExactly(
                            Map.entry("learningRate", trial.get(rate)), Map.entry("maxLength", trial.get(length)));
        });
    }

    @Test
    void oneMoreSettingLeavesTheOthersAsTheyAre() {
        Hyperparameter<Double> rate = Hyperparameter.logUniform("learningRate", 1e-5, 1e-3);
        SearchSpace one = SearchSpace.of(BASE).with(rate);
        SearchSpace two = SearchSpace.of(BASE)
                .with(Hyperparameter.ints("numTrainEpochs", 1, 9), (args, epochs) -> args.numTrainEpochs(epochs))
                .with(rate);

        assertThat(trials(two, 9).stream().map(trial -> trial.get(rate)))
                .containsExactlyElementsOf(
                        trials(one, 9).stream().map(trial -> trial.get(rate)).toList());
    }

    @Test
    void huggingFacesSpaceIsItsOwn() {
        assertThat(SearchSpace.huggingFace(BASE))
                .hasToString("SearchSpace[learningRate logUniform(1.0E-6, 1.0E-4), numTrainEpochs ints(1, 5),"
                        + " seed ints(1, 40), perDeviceTrainBatchSize choice[4, 8, 16, 32, 64]]");
        assertThat(trials(SearchSpace.huggingFace(BASE), 5)).allSatisfy(trial -> {
            assertThat(trial.arguments().numTrainEpochs())
                    .isEqualTo(((Integer) trial.values().get("numTrainEpochs")).doubleValue());
            assertThat(trial.arguments().seed())
                    .isEqualTo(((Integer) trial.values().get("seed")).longValue());
            assertThat(trial.arguments().perDeviceTrainBatchSize())
                    .isEqualTo(trial.values().get("perDeviceTrainBatchSize"));
            assertThat(trial.arguments().learningRate())
                    .isEqualTo(trial.values().get("learningRate"));
        });
    }

    @Test
    void trialsThatSaveHaveAFolderEach() {
        SearchSpace saving = SearchSpace.of(BASE.toBuilder()
                .outputDir(Path.of("runs"))
                .saveStrategy(SaveStrategy.EPOCH)
                .build());

        assertThat(trials(saving, 2).stream().map(trial -> trial.arguments().outputDir()))
                .containsExactly(Path.of("runs", "trial-0"), Path.of("runs", "trial-1"));
        assertThat(trials(saving, 1).get(0).arguments().saveStrategy()).isEqualTo(SaveStrategy.EPOCH);
        assertThat(trials(SearchSpace.of(BASE), 1).get(0).arguments()).isEqualTo(BASE);
    }

    @Test
    void trialsThatSaveOnSigtermAloneHaveAFolderEach() {
        SearchSpace saving =
                SearchSpace.of(BASE.toBuilder().enableJitCheckpoint(true).build());

        assertThat(trials(saving, 2).stream().map(trial -> trial.arguments().outputDir()))
                .containsExactly(
                        BASE.outputDir().resolve("trial-0"), BASE.outputDir().resolve("trial-1"));
        assertThat(trials(saving, 1).get(0).arguments().saveStrategy()).isEqualTo(SaveStrategy.NO);
    }

    @Test
    void aSettingTwiceIsRefused() {
        SearchSpace space = SearchSpace.of(BASE).with(Hyperparameter.ints("seed", 1, 2));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.with(Hyperparameter.uniform("seed", 0, 1)))
                .withMessage("SearchSpace: seed comes twice");
    }

    @Test
    void aSettingOfAnotherSpaceIsRefused() {
        Hyperparameter<Integer> seed = Hyperparameter.ints("seed", 1, 2);

        Trial trial = trials(SearchSpace.of(BASE).with(Hyperparameter.choice("length", 32)), 1)
                .get(0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> trial.get(seed))
                .withMessageStartingWith("trial 0 (length 32) has no seed ints(1, 2)");
    }

    @Test
    void aValueTheArgumentsRefuseIsToldBeforeAnythingIsTrained() {
        SearchSpace space = SearchSpace.of(BASE)
                .with(
                        Hyperparameter.choice("perDeviceTrainBatchSize", 0),
                        TrainingArguments.Builder::perDeviceTrainBatchSize);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Search.maximize("m").over(space).run(trial -> {
                    throw new AssertionError("trained");
                }))
                .withMessageContaining("perDeviceTrainBatchSize choice[0] gave 0");
    }
}
