package io.bertfinetune.training;

import static io.bertfinetune.training.NoControl.CONTROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.metric.Metrics;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MicrometerCallbackTest {
    private static final TrainerState BEGIN =
            TrainerState.builder().maxSteps(200).build();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerCallback callback = MicrometerCallback.of(registry);

    @Test
    void stepsAndExamplesAreCounted() {
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onStepEnd(at(1, 16), CONTROL);
        callback.onStepEnd(at(2, 20), CONTROL);

        assertThat(counter("bertfinetune.train.steps")).isEqualTo(2);
        assertThat(counter("bertfinetune.train.examples")).isEqualTo(20);
    }

    @Test
    void aSecondRunAddsToTheCountersAndOneAfterACheckpointCountsItsOwn() {
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onStepEnd(at(1, 16), CONTROL);
        MicrometerCallback second = MicrometerCallback.of(registry);
        second.onTrainBegin(at(100, 1600), CONTROL);
        second.onStepEnd(at(101, 1616), CONTROL);

        assertThat(counter("bertfinetune.train.steps")).isEqualTo(2);
        assertThat(counter("bertfinetune.train.examples")).isEqualTo(32);
    }

    @Test
    void gaugesShowWhatWasLoggedLast() {
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onLog(at(1, 16), CONTROL, Metrics.of("loss", 0.9));
        callback.onLog(
                at(2, 32),
                CONTROL,
                Metrics.of("loss", 0.7)
                        .with("learning_rate", 1e-5)
                        .with("grad_norm", 2.5)
                        .with("epoch", 0.5)
                        .with("step", 2));
        callback.onLog(at(2, 32), CONTROL, Metrics.of("eval_loss", 0.6).with("eval_dev_accuracy", 0.8));

        assertThat(gauge("bertfinetune.train.loss")).isEqualTo(0.7);
        assertThat(gauge("bertfinetune.train.learning.rate")).isEqualTo(1e-5);
        assertThat(gauge("bertfinetune.train.grad.norm")).isEqualTo(2.5);
        assertThat(gauge("bertfinetune.train.epoch")).isEqualTo(0.5);
        assertThat(gauge("bertfinetune.eval.loss")).isEqualTo(0.6);
        assertThat(gauge("bertfinetune.eval.dev.accuracy")).isEqualTo(0.8);
        assertThat(registry.getMeters()).hasSize(6); // the step is no gauge
    }

    @Test
    void theLossOfTheWholeRunIsAnotherGauge() {
        callback.onLog(at(2, 32), CONTROL, Metrics.of("loss", 0.5));
        callback.onLog(at(2, 32), CONTROL, Metrics.of("train_loss", 0.7).with("train_runtime", 3));

        assertThat(gauge("bertfinetune.train.loss")).isEqualTo(0.5);
        assertThat(gauge("bertfinetune.run.loss")).isEqualTo(0.7);
        assertThat(gauge("bertfinetune.run.runtime")).isEqualTo(3);
    }

    @Test
    void theRunThatBeganLastIsShown() {
        MicrometerCallback other = MicrometerCallback.of(registry);

        run(callback, 1);
        assertThat(gauge("bertfinetune.train.loss")).isEqualTo(1);
        run(other, 2);
        assertThat(gauge("bertfinetune.train.loss")).isEqualTo(2);
        run(callback, 3);
        assertThat(gauge("bertfinetune.train.loss")).isEqualTo(3);
    }

    @Test
    void tagsKeepRunsApart() {
        run(callback.tags("model", "mails"), 1);
        run(callback.tags("model", "cola", "seed", "42"), 2);

        assertThat(registry.get("bertfinetune.train.loss")
                        .tag("model", "mails")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("bertfinetune.train.loss")
                        .tags("model", "cola", "seed", "42")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .allSatisfy(id -> assertThat(id.getTag("model")).isNotNull());
    }

    @Test
    void gaugesSurviveTheCallback() {
        run(MicrometerCallback.of(registry), 4);

        System.gc();

        assertThat(gauge("bertfinetune.train.loss")).isEqualTo(4);
    }

    @Test
    void aTagWithoutAValueIsRefused() {
        assertThatThrownBy(() -> callback.tags("model")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void run(MicrometerCallback callback, double loss) {
        callback.onTrainBegin(BEGIN, CONTROL);
        callback.onStepEnd(at(1, 16), CONTROL);
        callback.onLog(at(1, 16), CONTROL, Metrics.of("loss", loss));
    }

    private double counter(String name) {
        return registry.get(name).counter().count();
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private static TrainerState at(long step, long examples) {
        return BEGIN.toBuilder().globalStep(step).examplesSeen(examples).build();
    }
}
