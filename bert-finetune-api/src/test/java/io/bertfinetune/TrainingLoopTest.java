package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.bertfinetune.data.Example;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.TrainingLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop of one's own keeps events, logging, evaluation and stopping. */
class TrainingLoopTest {
    private final LinearModel model = Numbers.model();
    private final EventRecorder recorder = new EventRecorder();

    @Test
    void theStandardLoopIsFiveLinesAUserCouldWrite() {
        train(TrainingLoop.standard());
        List<EventRecorder.Event> expected = List.copyOf(recorder.events);
        LinearModel second = Numbers.model();
        EventRecorder again = new EventRecorder();

        trainer(
                        second,
                        (session, updates) -> {
                            for (var update : updates) {
                                update.microBatches().forEach(session::forwardBackward);
                                session.clipGradNorm(update.maxGradNorm());
                                session.step(update.learningRate());
                                session.zeroGrad();
                            }
                        },
                        again)
                .train();

        assertThat(again.events).isEqualTo(expected);
        assertThat(second.weights()).isEqualTo(model.weights());
    }

    @Test
    void aLoopThatLeavesAStepOutStillCountsIt() {
        Trainer<?, ?, ?> trainer = train((session, updates) -> {
            for (var update : updates) {
                update.microBatches().forEach(session::forwardBackward);
                session.zeroGrad();
            }
        });

        assertThat(trainer.state().globalStep()).isEqualTo(6);
        assertThat(recorder.names())
                .contains("step_end", "evaluate", "train_end")
                .doesNotContain("optimizer_step");
        assertThat(trainer.state().logHistory().get(0).values().keySet())
                .contains("loss")
                .doesNotContain("learning_rate", "grad_norm");
    }

    @Test
    void aLoopThatLeavesEarlyEndsTheRunAfterItsLastStep() {
        Trainer<?, ?, ?> trainer = train((session, updates) -> {
            int done = 0;
            for (var update : updates) {
                update.microBatches().forEach(session::forwardBackward);
                session.step(update.learningRate());
                session.zeroGrad();
                if (++done == 2) {
                    return;
                }
            }
        });

        assertThat(trainer.state().globalStep()).isEqualTo(2);
        assertThat(recorder.names()).endsWith("step_end", "log", "epoch_end", "log", "train_end");
    }

    @Test
    void anUpdateThatWasOnlyLookedAtIsNoStep() {
        Trainer<?, ?, ?> trainer =
                train((session, updates) -> updates.iterator().next());

        assertThat(trainer.state().globalStep()).isZero();
        assertThat(recorder.names()).doesNotContain("step_end").endsWith("epoch_end", "log", "train_end");
    }

    @Test
    void askingTwiceWhetherThereIsMoreChangesNothing() {
        train((session, updates) -> {
            Iterator<TrainingLoop.Update<Example<Text, String>>> iterator = updates.iterator();
            while (iterator.hasNext()) {
                assertThat(iterator.hasNext()).isTrue();
                var update = iterator.next();
                update.microBatches().forEach(session::forwardBackward);
                session.step(update.learningRate());
                session.zeroGrad();
            }
            assertThat(iterator.hasNext()).isFalse();
        });

        assertThat(recorder.names().stream().filter("step_end"::equals)).hasSize(6);
        assertThat(recorder.names().stream().filter("train_end"::equals)).hasSize(1);
    }

    @Test
    void aLoopCannotCloseTheSession() {
        train((session, updates) -> {
            session.close();
            for (var update : updates) {
                update.microBatches().forEach(session::forwardBackward);
                session.step(update.learningRate());
                session.zeroGrad();
            }
        });

        assertThat(model.calls.stream().filter("close"::equals)).hasSize(1);
        assertThat(model.calls).endsWith("close");
    }

    @Test
    void updatesCarryTheLearningRateOfTheirStep() {
        List<Double> rates = new ArrayList<>();

        train((session, updates) -> {
            for (var update : updates) {
                rates.add(update.learningRate());
                update.microBatches().forEach(session::forwardBackward);
                session.step(update.learningRate());
                session.zeroGrad();
            }
        });

        // 6 steps, the first 2 of them warm-up
        assertThat(rates).containsExactly(0.0, 0.1 * 0.5, 0.1, 0.1 * 0.75, 0.1 * 0.5, 0.1 * 0.25);
    }

    private Trainer<?, ?, ?> train(TrainingLoop<Example<Text, String>> loop) {
        var trainer = trainer(model, loop, recorder);
        trainer.train();
        return trainer;
    }

    private static Trainer<?, ?, ?> trainer(
            LinearModel model, TrainingLoop<Example<Text, String>> loop, EventRecorder recorder) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(10))
                .evalDataset(Numbers.signs(4))
                .trainingLoop(loop)
                .callbacks(recorder)
                .perDeviceTrainBatchSize(2)
                .gradientAccumulationSteps(2)
                .numTrainEpochs(2)
                .learningRate(0.1)
                .warmupSteps(2)
                .loggingSteps(2)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(3)
                .trainSamplingStrategy(Sampler.sequential())
                .build();
    }
}
