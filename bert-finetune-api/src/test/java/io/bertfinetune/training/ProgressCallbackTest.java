package io.bertfinetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.metric.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProgressCallbackTest {
    private static final TrainerState BEGIN = TrainerState.builder()
            .maxSteps(200)
            .numTrainEpochs(2)
            .trainBatchSize(16)
            .metric("loss", false)
            .build();
    private static final Metrics TRAINING =
            Metrics.of("loss", 0.61344).with("grad_norm", 2.306).with("learning_rate", 1.9e-5);
    private static final TrainerControl CONTROL = new NoControl();

    private final List<String> lines = new ArrayList<>();
    private long now;
    private final ProgressCallback callback = new ProgressCallback(lines::add, () -> now);

    @Test
    void aRunIsToldLineByLine() {
        callback.onTrainBegin(BEGIN, CONTROL);
        now = seconds(5);
        callback.onLog(at(20, 320), CONTROL, TRAINING);
        now = seconds(10);
        callback.onLog(at(30, 480), CONTROL, TRAINING);
        callback.onEvaluate(
                at(30, 480),
                CONTROL,
                Metrics.of("eval_loss", 0.45184).with("eval_accuracy", 0.80721).with("epoch", 0.3));
        now = seconds(3725);
        callback.onLog(at(200, 3200), CONTROL, Metrics.of("train_runtime", 3725).with("train_loss", 0.31274));

        assertThat(lines)
                .containsExactly(
                        "training 200 steps, 2 epochs, batches of 16",
                        "step 20/200, epoch 0.20, loss 0.6134, lr 1.90e-05, grad norm 2.31, 64 examples/s, 0:45 left",
                        // speed since the last line, time left at the pace of the whole run
                        "step 30/200, epoch 0.30, loss 0.6134, lr 1.90e-05, grad norm 2.31, 32 examples/s, 0:57 left",
                        "step 30/200, epoch 0.30, eval_loss 0.4518, eval_accuracy 0.8072",
                        "trained 200 steps in 1:02:05, train_loss 0.3127");
    }

    @Test
    void logsOfEvaluationsAreNotToldTwice() {
        callback.onLog(at(30, 480), CONTROL, Metrics.of("eval_loss", 0.4));

        assertThat(lines).isEmpty();
    }

    @Test
    void numbersALoopDidNotMakeAreLeftOut() {
        callback.onTrainBegin(BEGIN, CONTROL);
        now = seconds(1);
        callback.onLog(at(100, 100), CONTROL, Metrics.of("loss", 1));

        assertThat(lines.get(1)).isEqualTo("step 100/200, epoch 1.00, loss 1.0000, 100 examples/s, 0:01 left");
    }

    @Test
    void theNameOfARunIsTold() {
        callback.onTrainBegin(BEGIN.toBuilder().runName("cola").build(), CONTROL);

        assertThat(lines).containsExactly("training cola, 200 steps, 2 epochs, batches of 16");
    }

    @Test
    void aRunWithoutEpochsDoesNotCountThem() {
        callback.onTrainBegin(
                BEGIN.toBuilder().numTrainEpochs(Integer.MAX_VALUE).build(), CONTROL);

        assertThat(lines).containsExactly("training 200 steps, batches of 16");
    }

    @Test
    void evaluationsAndPredictionsOutsideARunAreToldWithoutSteps() {
        TrainerState untrained = TrainerState.builder().build();

        callback.onEvaluate(untrained, CONTROL, Metrics.of("eval_loss", 0.4).with("eval_runtime", 2));
        callback.onPredict(untrained, CONTROL, Metrics.of("test_loss", 0.5).with("test_samples_per_second", 9));

        assertThat(lines).containsExactly("evaluated, eval_loss 0.4000", "predicted, test_loss 0.5000");
    }

    @Test
    void linesEndAsOnThisSystem() {
        StringBuilder out = new StringBuilder();

        ProgressCallback.lines(out).onTrainBegin(BEGIN, CONTROL);

        assertThat(out).hasToString("training 200 steps, 2 epochs, batches of 16" + System.lineSeparator());
    }

    @Test
    void numbersLookTheSameEverywhere() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            callback.onEvaluate(at(30, 480), CONTROL, Metrics.of("eval_loss", 0.5));
        } finally {
            Locale.setDefault(before);
        }

        assertThat(lines).containsExactly("step 30/200, epoch 0.30, eval_loss 0.5000");
    }

    @Test
    void whatCannotBeWrittenIsAnError() {
        Appendable full = new Appendable() {
            @Override
            public Appendable append(CharSequence text) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public Appendable append(CharSequence text, int start, int end) throws IOException {
                throw new IOException("no space left");
            }

            @Override
            public Appendable append(char c) throws IOException {
                throw new IOException("no space left");
            }
        };

        assertThatThrownBy(() -> ProgressCallback.lines(full).onTrainBegin(BEGIN, CONTROL))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no space left");
    }

    private static TrainerState at(long step, long examples) {
        return BEGIN.toBuilder()
                .globalStep(step)
                .examplesSeen(examples)
                .epoch(step / 100.0)
                .build();
    }

    private static long seconds(long seconds) {
        return seconds * 1_000_000_000L;
    }

    private static final class NoControl implements TrainerControl {
        @Override
        public void stopTraining() {}

        @Override
        public void stopEpoch() {}

        @Override
        public void log() {}

        @Override
        public void evaluate() {}

        @Override
        public void save() {}
    }
}
