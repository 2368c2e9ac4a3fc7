package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When checkpoints are saved, which of them stay, and which weights a run ends with. */
class TrainerSavingTest {
    private final LinearModel model = Numbers.model();

    @TempDir
    private Path folder;

    @Test
    void withoutAnOutputDirNothingIsSaved() {
        var trainer =
                Trainer.builder().model(model).trainDataset(Numbers.signs(8)).build();

        assertThat(trainer.arguments().saveStrategy()).isEqualTo(SaveStrategy.NO);
    }

    @Test
    void withAnOutputDirEverySoManyStepsAndTheLastAreSaved() throws IOException {
        var builder = builder().saveSteps(4).saveTotalLimit(0);

        builder.build().train();

        assertThat(builder.build().arguments().saveStrategy()).isEqualTo(SaveStrategy.STEPS);
        assertThat(saved()).containsExactly("checkpoint-10", "checkpoint-4", "checkpoint-8");
    }

    @Test
    void theEndOfEveryEpochIsSaved() throws IOException {
        builder().saveStrategy(SaveStrategy.EPOCH).build().train();

        assertThat(saved()).containsExactly("checkpoint-10", "checkpoint-5");
    }

    @Test
    void theLimitKeepsTheNewest() throws IOException {
        builder().saveSteps(1).saveTotalLimit(3).build().train();

        assertThat(saved()).containsExactly("checkpoint-10", "checkpoint-8", "checkpoint-9");
    }

    @Test
    void theBestIsKeptBesideTheNewestAndGivenBackAtTheEnd() throws IOException {
        List<List<Double>> weights = new ArrayList<>();
        var trainer = worsening(weights).saveSteps(1).saveTotalLimit(1).build();

        trainer.train();

        long best = trainer.state().bestGlobalStep().orElseThrow();
        assertThat(best).isBetween(1L, 9L);
        assertThat(saved()).containsExactlyInAnyOrder("checkpoint-" + best, "checkpoint-10");
        assertThat(trainer.state().bestModelCheckpoint()).contains(folder.resolve("checkpoint-" + best));
        assertThat(model.weights()).isEqualTo(weights.get((int) best - 1)).isNotEqualTo(weights.get(9));
    }

    @Test
    void theBestIsKeptAfterAResumeInARelativeFolder() {
        Path relative = Path.of("").toAbsolutePath().relativize(folder.toAbsolutePath());
        List<List<Double>> weights = new ArrayList<>();
        var broken = worsening(weights)
                .outputDir(relative)
                .saveSteps(1)
                .saveTotalLimit(2)
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onStepBegin(TrainerState state, TrainerControl control) {
                        if (state.globalStep() == 8) {
                            throw new IllegalStateException("broken off");
                        }
                    }
                })
                .build();
        assertThatThrownBy(broken::train).hasMessage("broken off");
        var resumed = worsening(weights)
                .outputDir(relative)
                .saveSteps(1)
                .saveTotalLimit(2)
                .build();

        resumed.resumeLatest();

        long best = resumed.state().bestGlobalStep().orElseThrow();
        assertThat(best).isLessThan(7);
        assertThat(folder.resolve("checkpoint-" + best)).isDirectory();
        assertThat(model.weights()).isEqualTo(weights.get((int) best - 1));
    }

    @Test
    void whereTheBestIsGoneTheLastWeightsStayAndTheStateSaysSo() throws IOException {
        List<List<Double>> weights = new ArrayList<>();
        var trainer = worsening(weights)
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
                        if (state.globalStep() == 10) {
                            delete(state.bestModelCheckpoint().orElseThrow());
                        }
                    }
                })
                .build();

        trainer.train();

        assertThat(model.weights()).isEqualTo(weights.get(9));
        assertThat(trainer.state().bestGlobalStep().orElseThrow()).isLessThan(10);
        assertThat(trainer.state().bestModelCheckpoint()).isEmpty();
    }

    private static void delete(Path tree) {
        try {
            MoreFiles.deleteRecursively(tree, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theBestIsKeptWhateverTheStrategySays() throws IOException {
        List<List<Double>> weights = new ArrayList<>();
        var trainer = worsening(weights).saveStrategy(SaveStrategy.NO).build();

        trainer.train();

        long best = trainer.state().bestGlobalStep().orElseThrow();
        assertThat(model.weights()).isEqualTo(weights.get((int) best - 1));
    }

    @Test
    void betterEvaluationsAloneAreSaved() throws IOException {
        var trainer = worsening(new ArrayList<>())
                .saveStrategy(SaveStrategy.BEST)
                .loadBestModelAtEnd(false)
                .saveTotalLimit(1)
                .build();

        trainer.train();

        assertThat(saved())
                .containsExactly(
                        "checkpoint-" + trainer.state().bestGlobalStep().orElseThrow());
    }

    @Test
    void aCallbackMayAskAndIsTold() throws IOException {
        EventRecorder recorder = new EventRecorder();
        builder()
                .saveStrategy(SaveStrategy.NO)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(3)
                .loggingSteps(3)
                .callbacks(
                        new TrainerCallback() {
                            @Override
                            public void onStepEnd(TrainerState state, TrainerControl control) {
                                if (state.globalStep() == 3) {
                                    control.save();
                                }
                            }
                        },
                        recorder)
                .build()
                .train();

        assertThat(saved()).containsExactly("checkpoint-3");
        List<String> names = recorder.names();
        int save = names.indexOf("save");
        assertThat(names.subList(save - 1, save + 2)).containsExactly("evaluate", "save", "step_begin");
        assertThat(names.stream().filter("save"::equals)).hasSize(1);
    }

    @Test
    void savingChangesNothingInTheRun() {
        LinearModel other = Numbers.model();
        builder().saveSteps(1).build().train();

        builder(other).saveStrategy(SaveStrategy.NO).build().train();

        assertThat(model.weights()).isEqualTo(other.weights());
    }

    @Test
    void theStateIsHuggingFaces() throws IOException {
        builder()
                .saveSteps(5)
                .evalStrategy(IntervalStrategy.EPOCH)
                .loggingSteps(2)
                .build()
                .train();

        JsonObject state = JsonParser.parseString(Files.readString(folder.resolve("checkpoint-5/trainer_state.json")))
                .getAsJsonObject();

        assertThat(state.keySet())
                .containsExactlyInAnyOrder(
                        "epoch",
                        "global_step",
                        "max_steps",
                        "logging_steps",
                        "eval_steps",
                        "save_steps",
                        "train_batch_size",
                        "num_train_epochs",
                        "num_input_tokens_seen",
                        "total_flos",
                        "log_history",
                        "best_metric",
                        "best_global_step",
                        "best_model_checkpoint",
                        "is_local_process_zero",
                        "is_world_process_zero",
                        "is_hyper_param_search",
                        "trial_name",
                        "trial_params",
                        "stateful_callbacks");
        assertThat(state.get("global_step").getAsString()).isEqualTo("5");
        assertThat(state.get("epoch").getAsDouble()).isEqualTo(1.0);
        JsonObject logged = state.getAsJsonArray("log_history").get(1).getAsJsonObject();
        assertThat(logged.get("step").getAsString()).isEqualTo("4");
        assertThat(logged.keySet()).contains("loss", "grad_norm", "learning_rate", "epoch");
    }

    @Test
    void theMetricForTheBestModelMustBeReported() {
        assertThatThrownBy(() -> builder().metricForBestModel("f1").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metricForBestModel(f1)")
                .hasMessageContaining("[loss, accuracy]");
        assertThat(builder().metricForBestModel("eval_loss").build().state().metricForBestModel())
                .isEqualTo("loss");
    }

    /** A run whose evaluations get better at first and then worse; the weights of each evaluation are written down. */
    private Trainer.Builder<Text, String, Classification> worsening(List<List<Double>> weights) {
        List<Example<Text, String>> wrong = Numbers.list(6).stream()
                .map(e -> Example.of(e.input(), e.input().text().startsWith("1.0") ? "minus" : e.label()))
                .toList();
        return builder()
                .evalDataset(Dataset.of(wrong))
                .learningRate(3)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .metricForBestModel("loss")
                .loadBestModelAtEnd(true)
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
                        weights.add(model.weights());
                    }
                });
    }

    private Trainer.Builder<Text, String, Classification> builder() {
        return builder(model);
    }

    /** Two epochs of 5 steps. */
    private Trainer.Builder<Text, String, Classification> builder(LinearModel trained) {
        return Trainer.builder()
                .model(trained)
                .trainDataset(Numbers.signs(10))
                .evalDataset(Numbers.signs(6))
                .outputDir(folder)
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(2)
                .learningRate(0.5);
    }

    private List<String> saved() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
