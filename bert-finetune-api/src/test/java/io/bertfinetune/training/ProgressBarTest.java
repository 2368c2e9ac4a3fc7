package io.bertfinetune.training;

import static io.bertfinetune.training.NoControl.CONTROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.metric.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static final TrainerState BEGIN = TrainerState.builder()
            .maxSteps(200)
            .numTrainEpochs(2)
            .trainBatchSize(16)
            .build();

    private final StringBuilder out = new StringBuilder();
    private long now = 1;
    private final ProgressBar bar = new ProgressBar(out, () -> now);

    @Test
    void aRunIsOneLineThatIsDrawnOver() {
        bar.onTrainBegin(BEGIN, CONTROL);
        step(50, 800, seconds(10));
        bar.onLog(at(50, 800), CONTROL, Metrics.of("loss", 0.61344));
        step(100, 1600, seconds(10));

        assertThat(screen())
                .containsExactly(
                        "training 200 steps, 2 epochs, batches of 16",
                        " 50% [======>      ] 100/200, epoch 1.00, loss 0.6134, 80 examples/s, 0:20 left");
        assertThat(drawings()).hasSize(4);
    }

    @Test
    void evaluationsStayInLinesAboveTheBar() {
        bar.onTrainBegin(BEGIN, CONTROL);
        step(100, 1600, seconds(20));
        bar.onLog(at(100, 1600), CONTROL, Metrics.of("eval_loss", 0.4));
        bar.onEvaluate(at(100, 1600), CONTROL, Metrics.of("eval_loss", 0.4).with("eval_accuracy", 0.8));

        assertThat(screen())
                .containsExactly(
                        "training 200 steps, 2 epochs, batches of 16",
                        "step 100/200, epoch 1.00, eval_loss 0.4000, eval_accuracy 0.8000",
                        " 50% [==========>         ] 100/200, epoch 1.00, 80 examples/s, 0:20 left");
    }

    @Test
    void checkpointsAreToldAboveTheBar() {
        bar.onTrainBegin(BEGIN, CONTROL);
        bar.onSave(at(100, 1600), CONTROL, Path.of("checkpoint-100"));

        assertThat(screen()).hasSize(3).element(1).isEqualTo("step 100/200, epoch 1.00, saved checkpoint-100");
        assertThat(screen().get(2)).startsWith(" 50% [");
    }

    @Test
    void theBarIsGoneWhenTheRunIsOver() {
        bar.onTrainBegin(BEGIN, CONTROL);
        step(200, 3200, seconds(40));
        bar.onLog(at(200, 3200), CONTROL, Metrics.of("train_loss", 0.3));
        bar.onTrainEnd(at(200, 3200), CONTROL);

        assertThat(screen())
                .containsExactly(
                        "training 200 steps, 2 epochs, batches of 16", "trained 200 steps in 0:40, train_loss 0.3000");
    }

    @Test
    void anEvaluationAfterTheRunLeavesNoBar() {
        bar.onTrainBegin(BEGIN, CONTROL);
        bar.onLog(at(200, 3200), CONTROL, Metrics.of("train_loss", 0.3));
        now += seconds(1);
        bar.onPredictionStep(at(200, 3200), CONTROL);
        bar.onEvaluate(at(200, 3200), CONTROL, Metrics.of("eval_loss", 0.4));

        assertThat(screen()).hasSize(3).last().isEqualTo("step 200/200, epoch 2.00, eval_loss 0.4000");
    }

    @Test
    void percentagesAreWhole() {
        TrainerState fifty = BEGIN.toBuilder().maxSteps(50).build();
        bar.onTrainBegin(fifty, CONTROL);
        now += seconds(1);
        bar.onStepEnd(fifty.toBuilder().globalStep(29).build(), CONTROL);

        assertThat(screen().get(1)).startsWith(" 58% [===========>        ] 29/50"); // 100 * 0.58 is a little less
    }

    @Test
    void itIsDrawnTenTimesASecondAndOnceMoreAtTheEnd() {
        bar.onTrainBegin(BEGIN, CONTROL);
        for (int step = 1; step <= 200; step++) {
            step(step, step * 16L, seconds(1) / 100); // 2 seconds
        }

        assertThat(drawings()).hasSize(1 + 20);
        assertThat(drawings().get(20)).startsWith("100% [===").contains("] 200/200");

        step(200, 3200, 1);

        assertThat(drawings()).hasSize(1 + 20 + 1);
    }

    @Test
    void aLongEvaluationIsSeenToGoOn() {
        bar.onTrainBegin(BEGIN, CONTROL);
        step(100, 1600, seconds(20));
        for (int batch = 1; batch <= 12; batch++) {
            now += seconds(1);
            bar.onPredictionStep(at(100, 1600), CONTROL);
        }

        assertThat(screen().get(1)).endsWith("100/200, epoch 1.00, evaluating, 12 batches");
    }

    @Test
    void evaluationsOutsideARunAreTold() {
        TrainerState untrained = TrainerState.builder().build();

        now += seconds(1);
        bar.onPredictionStep(untrained, CONTROL);
        assertThat(screen()).containsExactly("evaluating, 1 batch");

        bar.onEvaluate(untrained, CONTROL, Metrics.of("eval_loss", 0.4));
        now += seconds(1);
        bar.onPredictionStep(untrained, CONTROL);
        bar.onPredict(untrained, CONTROL, Metrics.of("test_loss", 0.5));
        assertThat(screen()).containsExactly("evaluated, eval_loss 0.4000", "predicted, test_loss 0.5000");
    }

    @Test
    void aRunThatGoesOnAfterACheckpointCountsItsOwnPace() {
        bar.onTrainBegin(at(100, 1600), CONTROL);
        step(150, 2400, seconds(50));

        assertThat(screen().get(1)).contains("150/200").endsWith("16 examples/s, 0:50 left");
    }

    @Test
    void itNeverNeedsMoreThan79Columns() {
        TrainerState huge = BEGIN.toBuilder().maxSteps(12_345_678).build();
        bar.onTrainBegin(huge, CONTROL);
        for (long step = 1; step < 12_345_678; step *= 3) {
            now += seconds(step);
            TrainerState state = huge.toBuilder()
                    .globalStep(step)
                    .examplesSeen(step * 100_000)
                    .epoch(step / 1.0)
                    .build();
            bar.onStepEnd(state, CONTROL);
            bar.onLog(state, CONTROL, Metrics.of("loss", step * 10.0));
        }

        assertThat(drawings())
                .hasSizeGreaterThan(10)
                .allSatisfy(drawing -> assertThat(drawing).hasSizeLessThanOrEqualTo(79));
    }

    @Test
    void nothingOfALongerDrawingIsLeft() {
        bar.onTrainBegin(BEGIN, CONTROL);
        step(100, 1600, seconds(20));
        now += seconds(1);
        bar.onPredictionStep(at(100, 1600), CONTROL);

        assertThat(screen().get(1)).endsWith("evaluating, 1 batch");
    }

    @Test
    void everyDrawingIsFlushed() {
        int[] flushed = {0};
        Writer writer = new StringWriter() {
            @Override
            public void flush() {
                flushed[0]++;
            }
        };

        new ProgressBar(writer, () -> now).onTrainBegin(BEGIN, CONTROL);

        assertThat(flushed[0]).isEqualTo(2); // the line and the bar
    }

    @Test
    void whatCannotBeWrittenIsAnError() {
        Writer closed = new Writer() {
            @Override
            public void write(char[] text, int from, int count) throws IOException {
                throw new IOException("the terminal is gone");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        assertThatThrownBy(() -> ProgressCallback.bar(closed).onTrainBegin(BEGIN, CONTROL))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the terminal is gone");
    }

    @Test
    void autoDrawsOnATerminalAndAppendsLinesElsewhere() {
        assertThat(printedBy(true)).contains("\r").contains("0% [");
        assertThat(printedBy(false)).isEqualTo("training 200 steps, 2 epochs, batches of 16" + System.lineSeparator());
    }

    @Test
    void autoTakesAnotherStreamForAFile() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        TrainerCallback chosen = ProgressCallback.auto(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(chosen).isInstanceOf(ProgressCallback.class);
    }

    @Test
    void silenceIsSilent() {
        TrainerCallback silent = ProgressCallback.silent();

        silent.onTrainBegin(BEGIN, CONTROL);
        silent.onLog(at(1, 16), CONTROL, Metrics.of("loss", 1));

        assertThat(silent).isNotInstanceOfAny(ProgressCallback.class, ProgressBar.class);
    }

    private static String printedBy(boolean isTerminal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        ProgressCallback.auto(stream, isTerminal).onTrainBegin(BEGIN, CONTROL);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void step(long step, long examples, long nanos) {
        now += nanos;
        bar.onStepEnd(at(step, examples), CONTROL);
    }

    /** What a terminal shows after all this: a carriage return goes back, and what is written later covers it. */
    private List<String> screen() {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int column = 0;
        for (char c : out.toString().replace(System.lineSeparator(), "\n").toCharArray()) {
            if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
                column = 0;
            } else {
                line.replace(column, Math.min(column + 1, line.length()), String.valueOf(c));
                column++;
            }
        }
        if (!line.toString().isBlank()) {
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** Every bar that was drawn, oldest first. */
    private List<String> drawings() {
        return out.toString()
                .lines()
                .flatMap(line -> List.of(line.split("\r")).stream())
                .filter(text -> text.contains("% "))
                .map(String::stripTrailing)
                .toList();
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
}
