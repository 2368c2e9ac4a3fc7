package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.LogFileCallback;
import io.bertfinetune.training.MicrometerCallback;
import io.bertfinetune.training.ProgressCallback;
import io.bertfinetune.training.TensorBoardCallback;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of {@code docs/callbacks.md}, each piece in a real run. */
class CallbacksPageTest {
    private final IndexedDataset<Example<Text, String>> data = Numbers.signs(20);
    private final Trainer.Builder<Text, String, Classification> builder =
            Trainer.builder().model(Numbers.model()).trainDataset(data).evalDataset(data);

    @TempDir
    private Path runs;

    @Test
    void tensorBoard() throws IOException {
        // #region tensorBoard
        var args = TrainingArguments.builder().learningRate(2e-5).build();
        var tensorBoard = TensorBoardCallback.to(runs.resolve("lr-2e-5")).text("args", args.toJson());
        builder.args(args).callbacks(tensorBoard);
        // #endregion tensorBoard

        Trainer<Text, String, Classification> trainer = builder.build();
        trainer.train();
        trainer.evaluate();

        Path file;
        try (Stream<Path> all = Files.list(runs.resolve("lr-2e-5"))) {
            file = all.collect(Collectors.toList()).get(0);
        }
        assertThat(file.getFileName().toString()).contains(".tfevents.");
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .contains("train/loss", "eval/accuracy", "args/text_summary", "\"learning_rate\": 2.0E-5");
    }

    @Test
    void logFiles() throws IOException {
        // #region logFiles
        var lines = LogFileCallback.jsonl(runs.resolve("log.jsonl"));
        var table = LogFileCallback.csv(runs.resolve("log.csv"));
        builder.callbacks(lines, table);
        // #endregion logFiles

        Trainer<Text, String, Classification> trainer = builder.build();
        trainer.train();
        trainer.evaluate();

        List<Metrics> log = trainer.state().logHistory();
        List<String> written = Files.readAllLines(runs.resolve("log.jsonl"));
        assertThat(written).hasSameSizeAs(log).hasSizeGreaterThan(3);
        for (int i = 0; i < log.size(); i++) {
            JsonObject line = JsonParser.parseString(written.get(i)).getAsJsonObject();
            assertThat(line.keySet())
                    .containsExactlyInAnyOrderElementsOf(log.get(i).values().keySet());
            log.get(i)
                    .values()
                    .forEach((name, number) ->
                            assertThat(line.get(name).getAsDouble()).isEqualTo(number));
        }
        assertThat(Files.readAllLines(runs.resolve("log.csv")))
                .hasSize(1
                        + log.stream()
                                .mapToInt(entry -> entry.values().size() - 2)
                                .sum());
    }

    @Test
    void progress() {
        boolean quiet = true;
        // #region progress
        builder.callbacks(quiet ? ProgressCallback.silent() : ProgressCallback.auto(System.out));
        // #endregion progress
        StringBuilder screen = new StringBuilder();
        builder.callbacks(ProgressCallback.bar(screen)).build().train();

        assertThat(screen.toString()).contains("] 0/9, epoch 0.00").contains("] 9/9, epoch 3.00, loss ");
    }

    @Test
    void micrometer() {
        var registry = new SimpleMeterRegistry();
        // #region micrometer
        var meters = MicrometerCallback.of(registry).tags("model", "mails");
        builder.callbacks(meters);
        // #endregion micrometer

        Trainer<Text, String, Classification> trainer = builder.build();
        trainer.train();

        assertThat(registry.get("bertfinetune.train.steps")
                        .tag("model", "mails")
                        .counter()
                        .count())
                .isEqualTo(9);
        assertThat(registry.get("bertfinetune.train.examples").counter().count())
                .isEqualTo(60);
        assertThat(registry.get("bertfinetune.run.loss").gauge().value())
                .isEqualTo(trainer.state().logHistory().get(9).get("train_loss"));
    }

    @Test
    void earlyStopping() {
        // #region earlyStopping
        builder.evalStrategy(IntervalStrategy.EPOCH)
                .callbacks(EarlyStopping.patience(2).metric("accuracy"));
        // #endregion earlyStopping

        assertThat(builder.numTrainEpochs(50).build().train().globalStep()).isEqualTo(3 * 3);
    }

    @Test
    void own() {
        // #region own
        builder.evalStrategy(IntervalStrategy.EPOCH).callbacks(new TrainerCallback() {
            @Override
            public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
                if (metrics.get("eval_accuracy") > 0.98) {
                    control.stopTraining();
                }
            }
        });
        // #endregion own

        assertThat(builder.numTrainEpochs(50).build().train().globalStep()).isEqualTo(3);
    }

    @Test
    void whatWasLoggedIsThereThoughTheRunFails() throws IOException {
        builder.loggingSteps(1)
                .callbacks(
                        LogFileCallback.jsonl(runs.resolve("log.jsonl")),
                        TensorBoardCallback.to(runs.resolve("events")),
                        new TrainerCallback() {
                            @Override
                            public void onStepBegin(TrainerState state, TrainerControl control) {
                                if (state.globalStep() == 2) {
                                    throw new IllegalStateException("the power is out");
                                }
                            }
                        });

        assertThatThrownBy(() -> builder.build().train()).hasMessage("the power is out");

        assertThat(Files.readAllLines(runs.resolve("log.jsonl"))).hasSize(2).allMatch(line -> line.contains("loss"));
        try (Stream<Path> files = Files.list(runs.resolve("events"))) {
            assertThat(files.map(CallbacksPageTest::losses)).containsExactly(2L);
        }
    }

    private static long losses(Path file) {
        try {
            return Pattern.compile("train/loss")
                    .matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .results()
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
