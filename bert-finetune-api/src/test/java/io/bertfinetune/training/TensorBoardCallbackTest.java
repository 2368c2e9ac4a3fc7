package io.bertfinetune.training;

import static io.bertfinetune.training.NoControl.CONTROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorBoardCallbackTest {
    private static final TrainerState BEGIN =
            TrainerState.builder().maxSteps(200).build();
    private static final Metrics TRAINING = Metrics.of("loss", 0.6134)
            .with("learning_rate", 1.9e-5)
            .with("epoch", 0.5)
            .with("step", 100);

    private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
    private final Path logDir = files.getPath("/runs/first");
    private Instant now = Instant.ofEpochMilli(1_700_000_000_250L);
    private final InstantSource clock = () -> now;
    private final TensorBoardCallback callback = new TensorBoardCallback(logDir, Map.of(), clock);

    @AfterEach
    void closeFiles() throws IOException {
        files.close();
    }

    @Test
    void aFileBeginsWithItsVersion() throws IOException {
        callback.onTrainBegin(BEGIN, CONTROL);

        assertThat(EventFile.read(onlyFile()))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.fileVersion()).hasValue("brain.Event:2"),
                        event -> assertThat(event.wallTime()).isEqualTo(1_700_000_000.25));
    }

    @Test
    void whatIsLoggedStandsThereAtOnceWithStepAndTime() throws IOException {
        callback.onTrainBegin(BEGIN, CONTROL);
        now = now.plusSeconds(60);
        callback.onLog(at(100), CONTROL, TRAINING);

        EventFile.Event event = EventFile.read(onlyFile()).get(1);
        assertThat(event.step()).isEqualTo(100);
        assertThat(event.wallTime()).isEqualTo(1_700_000_060.25);
        assertThat(event.scalars())
                .containsExactly(
                        entry("train/loss", 0.6134f),
                        entry("train/learning_rate", 1.9e-5f),
                        entry("train/epoch", 0.5f));
    }

    @Test
    void tagsAreThoseOfHuggingFace() throws IOException {
        callback.onLog(
                at(3),
                CONTROL,
                Metrics.of("eval_accuracy", 1)
                        .with("eval_dev_loss", 2)
                        .with("train_runtime", 4)
                        .with("evaluations", 5)
                        .with("Genauigkeit für α", 6));

        assertThat(EventFile.read(onlyFile()).get(1).scalars().keySet())
                .containsExactly(
                        "eval/accuracy",
                        "eval/dev_loss",
                        "train/train_runtime",
                        "train/evaluations",
                        "train/Genauigkeit für α");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 300, 16_384, 1L << 40, Long.MAX_VALUE})
    void stepsOfAnySizeAreKept(long step) throws IOException {
        callback.onLog(at(step), CONTROL, Metrics.of("loss", 1));

        assertThat(EventFile.read(onlyFile()).get(1).step()).isEqualTo(step);
    }

    @Test
    void numbersThatAreNoneAreKept() throws IOException {
        callback.onLog(at(1), CONTROL, Metrics.of("loss", Double.NaN).with("grad_norm", Double.POSITIVE_INFINITY));

        assertThat(EventFile.read(onlyFile()).get(1).scalars())
                .containsExactly(entry("train/loss", Float.NaN), entry("train/grad_norm", Float.POSITIVE_INFINITY));
    }

    @Test
    void theNameOfTheRunAndTextsStandAtTheBeginning() throws IOException {
        String json = "{\"learning_rate\": 2e-05, \"note\": \"" + "ä".repeat(200) + "\"}";

        callback.text("args", json)
                .onTrainBegin(BEGIN.toBuilder().runName("cola").build(), CONTROL);

        assertThat(EventFile.read(onlyFile()))
                .extracting(EventFile.Event::texts)
                .containsExactly(Map.of(), Map.of("run_name/text_summary", "cola"), Map.of("args/text_summary", json));
    }

    @Test
    void theNameOfTheFileIsTheOneTensorBoardLooksFor() throws IOException {
        callback.onTrainBegin(BEGIN, CONTROL);

        assertThat(onlyFile().getFileName().toString())
                .matches("events\\.out\\.tfevents\\.1700000000\\.[A-Za-z0-9._-]+\\."
                        + ProcessHandle.current().pid() + "\\.0");
    }

    @Test
    void everyRunHasAFileOfItsOwnEvenInTheSameSecond() throws IOException {
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onLog(at(1), CONTROL, Metrics.of("loss", 1));
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onLog(at(1), CONTROL, Metrics.of("loss", 2));
        callback.onTrainEnd(at(1), CONTROL);
        callback.onLog(at(1), CONTROL, Metrics.of("eval_loss", 3));

        assertThat(eventFiles()).hasSize(2);
        assertThat(scalars(eventFiles().get(0))).containsExactly(Map.of("train/loss", 1f));
        assertThat(scalars(eventFiles().get(1))).containsExactly(Map.of("train/loss", 2f), Map.of("eval/loss", 3f));
    }

    @Test
    void anEvaluationWithoutTrainingIsLogged() throws IOException {
        callback.onLog(TrainerState.builder().build(), CONTROL, Metrics.of("eval_loss", 3));

        assertThat(scalars(onlyFile())).containsExactly(Map.of("eval/loss", 3f));
    }

    @Test
    void theFolderMayBeALink() throws IOException {
        Files.createDirectories(files.getPath("/disk/runs"));
        Files.createSymbolicLink(files.getPath("/runs"), files.getPath("/disk/runs"));
        Files.createDirectories(files.getPath("/disk/runs/first"));

        callback.onTrainBegin(BEGIN, CONTROL);
        new TensorBoardCallback(files.getPath("/runs"), Map.of(), clock).onTrainBegin(BEGIN, CONTROL);

        assertThat(eventFiles()).hasSize(1);
    }

    @Test
    void aFolderThatCannotBeIsAnErrorWhenTrainingBegins() throws IOException {
        Files.createDirectories(files.getPath("/runs"));
        Files.writeString(logDir, "not a folder");

        assertThatThrownBy(() -> callback.onTrainBegin(BEGIN, CONTROL))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("/runs/first");
    }

    @Test
    void whatReadsTheFilesHereWouldNotMissAWrongByte() throws IOException {
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onLog(at(100), CONTROL, TRAINING);
        byte[] good = Files.readAllBytes(onlyFile());

        // the check value of CRC-32C in the catalogue of checksums
        assertThat(EventFile.crc("123456789".getBytes(StandardCharsets.US_ASCII), 0, 9))
                .isEqualTo(0xe3069283);
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x10;
            assertThatThrownBy(() -> EventFile.parse(bad)).isInstanceOf(AssertionError.class);
        }
    }

    private static List<Map<String, Float>> scalars(Path file) throws IOException {
        return EventFile.read(file).stream()
                .map(EventFile.Event::scalars)
                .filter(scalars -> !scalars.isEmpty())
                .toList();
    }

    private Path onlyFile() throws IOException {
        assertThat(eventFiles()).hasSize(1);
        return eventFiles().get(0);
    }

    private List<Path> eventFiles() throws IOException {
        try (Stream<Path> all = Files.list(logDir)) {
            return all.sorted().toList();
        }
    }

    private static TrainerState at(long step) {
        return BEGIN.toBuilder().globalStep(step).epoch(step / 200.0).build();
    }
}
