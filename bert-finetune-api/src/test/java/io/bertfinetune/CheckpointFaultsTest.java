package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.checkpoint.Checkpoints;
import io.bertfinetune.checkpoint.FileOperations;
import io.bertfinetune.error.CheckpointException;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQLite's way: let the first file operation fail, then the second, and so on until nothing fails any more. */
class CheckpointFaultsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 0})
    void whicheverOperationFailsWholeCheckpointsAreLeftAndTheRunGoesOn(int limit) throws IOException {
        LinearModel untroubled = model();
        train(builder(untroubled, folder.resolve("untroubled"), limit, new UnforcedFiles()));

        int failed = 0;
        Faulty files = new Faulty(1);
        for (int n = 1; n == 1 || files.isOver(); n++) {
            Path outputDir = folder.resolve("fault-" + n);
            files = new Faulty(n);
            LinearModel model = model();
            try {
                train(builder(model, outputDir, limit, files));
            } catch (CheckpointException e) {
                assertThat(e)
                        .hasMessageContaining("No space left on device")
                        .hasMessageContaining(outputDir.toString());
                assertThat(model.calls.isEmpty()
                                || model.calls.get(model.calls.size() - 1).equals("close"))
                        .isTrue();
                failed++;
            }
            List<Path> left = named(outputDir, "checkpoint-");
            left.forEach(Checkpoints::verify);
            long steps =
                    model.calls.stream().filter(call -> call.startsWith("step")).count();
            if (steps > 1) {
                assertThat(left).as("fault %d, after %d steps", n, steps).isNotEmpty();
            }

            LinearModel resumed = model();
            builder(resumed, outputDir, limit, new UnforcedFiles()).build().resumeLatest();

            assertThat(resumed.weights()).isEqualTo(untroubled.weights());
            assertThat(named(outputDir, ".")).isEmpty();
        }
        assertThat(failed).isGreaterThan(20);
    }

    @Test
    void afterAFailedSaveTheTrainerIsStillUsable() throws IOException {
        Faulty files = new Faulty(12);
        LinearModel model = model();
        var trainer = builder(model, folder, 2, files).build();
        assertThatThrownBy(trainer::train).isInstanceOf(CheckpointException.class);
        assertThat(named(folder, ".tmp-")).isEmpty();

        TrainOutput output = trainer.resumeLatest();

        assertThat(output.globalStep()).isEqualTo(4);
    }

    @Test
    void aFolderThatCannotBeWrittenToFailsBeforeTheFirstStep() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        LinearModel model = model();
        var trainer = builder(model, file, 2, new UnforcedFiles()).build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("outputDir " + file);
        assertThat(model.calls).isEmpty();
    }

    @Test
    void aReplacementCutOffInTheMiddleIsUndone() throws IOException {
        LinearModel model = model();
        train(builder(model, folder, 1, new UnforcedFiles()));
        Files.move(folder.resolve("checkpoint-4"), folder.resolve(".old-checkpoint-4"));

        LinearModel resumed = model();
        builder(resumed, folder, 1, new UnforcedFiles()).build().resumeLatest();

        assertThat(resumed.trained).isEmpty();
        assertThat(resumed.weights()).isEqualTo(model.weights());
    }

    @Test
    void checkpointsOfEarlierRunsAreNotGoneOnFromAfterANewOne() throws IOException {
        train(builder(model(), folder, 2, new UnforcedFiles()));
        LinearModel second = model();
        Faulty brokenOffAtStep2 = new Faulty(22);
        assertThatThrownBy(() -> train(builder(second, folder, 2, brokenOffAtStep2)))
                .isInstanceOf(CheckpointException.class);

        LinearModel resumed = model();
        builder(resumed, folder, 2, new UnforcedFiles()).build().resumeLatest();

        assertThat(resumed.trained).hasSize(3);
    }

    private static TrainOutput train(Trainer.Builder<Text, String, Classification> builder) {
        return builder.build().train();
    }

    private static LinearModel model() {
        return Numbers.model().momentum(0.9);
    }

    private static Trainer.Builder<Text, String, Classification> builder(
            LinearModel model, Path outputDir, int limit, FileOperations files) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(8))
                .files(files)
                .outputDir(outputDir)
                .saveSteps(1)
                .saveTotalLimit(limit)
                .perDeviceTrainBatchSize(4)
                .numTrainEpochs(2)
                .learningRate(0.5);
    }

    private static List<Path> named(Path outputDir, String start) throws IOException {
        if (!Files.exists(outputDir)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(outputDir)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(start))
                    .toList();
        }
    }

    /** The disk, whose n-th operation fails. */
    private static final class Faulty extends UnforcedFiles {
        private final int fault;
        private int operations;

        Faulty(int fault) {
            this.fault = fault;
        }

        /** Whether the fault happened. */
        boolean isOver() {
            return operations >= fault;
        }

        @Override
        public void createFolders(Path path) throws IOException {
            count();
            super.createFolders(path);
        }

        @Override
        public void write(Path file, byte[] content) throws IOException {
            if (operations + 1 == fault) {
                super.write(file, Arrays.copyOf(content, content.length / 2));
            }
            count();
            super.write(file, content);
        }

        @Override
        public void force(Path path) throws IOException {
            count();
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            count();
            super.move(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            count();
            super.delete(path);
        }

        private void count() throws IOException {
            if (++operations == fault) {
                throw new IOException("No space left on device");
            }
        }
    }
}
