package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.TrainerCallback;
import io.bertfinetune.training.TrainerControl;
import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TrainerLoggingTest {
    private final LinearModel model = Numbers.model();

    @Test
    void theLossIsTheMeanOverItemsSinceTheLastLog() {
        List<Double> losses = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        var trainer = builder(model, 7)
                .perDeviceTrainBatchSize(3) // 3, 3, 1
                .numTrainEpochs(2)
                .loggingSteps(3)
                .trainingLoop((session, updates) -> {
                    for (var update : updates) {
                        for (var batch : update.microBatches()) {
                            losses.add(session.forwardBackward(batch).loss());
                            sizes.add(batch.size());
                        }
                        session.step(update.learningRate());
                        session.zeroGrad();
                    }
                })
                .build();

        TrainOutput output = trainer.train();

        assertThat(sizes).containsExactly(3, 3, 1, 3, 3, 1);
        assertThat(logged(trainer, "loss"))
                .satisfiesExactly(
                        first -> assertThat(first).isCloseTo(mean(losses, sizes, 0, 3), within(1e-12)),
                        second -> assertThat(second).isCloseTo(mean(losses, sizes, 3, 6), within(1e-12)));
        assertThat(output.trainingLoss()).isCloseTo(mean(losses, sizes, 0, 6), within(1e-12));
    }

    @Test
    void itemsWeighTheLossNotExamples() {
        // the second batch has nine times as many items
        Dataset<Example<Text, String>> data =
                Dataset.of(List.of(Example.of(Text.of("1 0"), "plus"), Example.of(Text.of("9 0"), "minus")));
        LinearModel words = model.items(text -> LinearModel.numbers(text)[0]);
        List<Double> losses = new ArrayList<>();
        var trainer = Trainer.builder()
                .model(words)
                .trainDataset(data)
                .trainSamplingStrategy(Sampler.sequential())
                .perDeviceTrainBatchSize(1)
                .numTrainEpochs(1)
                .learningRate(0.5)
                .trainingLoop((session, updates) -> {
                    for (var update : updates) {
                        losses.add(session.forwardBackward(update.microBatches().get(0))
                                .loss());
                        session.step(update.learningRate());
                        session.zeroGrad();
                    }
                })
                .build();

        double loss = trainer.train().trainingLoss();

        assertThat(loss).isCloseTo((losses.get(0) + 9 * losses.get(1)) / 10, within(1e-12));
        assertThat(losses.get(1)).isNotEqualTo(losses.get(0));
    }

    @Test
    void aLogCarriesTheLearningRateJustUsedAndTheNormBeforeClipping() {
        List<Double> norms = new ArrayList<>();
        var trainer = builder(model, 4)
                .perDeviceTrainBatchSize(1)
                .numTrainEpochs(1)
                .loggingSteps(2)
                .maxGradNorm(0.01)
                .trainingLoop((session, updates) -> {
                    for (var update : updates) {
                        session.forwardBackward(update.microBatches().get(0));
                        norms.add(session.clipGradNorm(update.maxGradNorm()));
                        session.step(update.learningRate());
                        session.zeroGrad();
                    }
                })
                .build();

        trainer.train();

        assertThat(logged(trainer, "learning_rate")).containsExactly(0.75 * 0.5, 0.25 * 0.5);
        assertThat(logged(trainer, "grad_norm")).containsExactly(norms.get(1), norms.get(3));
        assertThat(norms.get(1)).isGreaterThan(0.01);
    }

    @Test
    void unlessSaidThereAreAboutTwentyLinesInARun() {
        var trainer =
                builder(model, 100).perDeviceTrainBatchSize(1).numTrainEpochs(1).build();

        trainer.train();

        assertThat(logged(trainer, "loss")).hasSize(20);
        assertThat(trainer.state().loggingSteps()).isEqualTo(5);
    }

    @Test
    void aCallbackMayAskForALogAndAnEvaluation() {
        var trainer = builder(model, 4)
                .perDeviceTrainBatchSize(1)
                .numTrainEpochs(1)
                .loggingStrategy(IntervalStrategy.NO)
                .evalDataset(Numbers.signs(2))
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onStepEnd(TrainerState state, TrainerControl control) {
                        if (state.globalStep() == 3) {
                            control.evaluate();
                            control.log();
                        }
                    }
                })
                .build();

        trainer.train();

        List<Metrics> log = trainer.state().logHistory();
        assertThat(log).hasSize(3);
        assertThat(log.get(0).values()).containsKeys("loss", "learning_rate").containsEntry("step", 3.0);
        assertThat(log.get(1).values()).containsKey("eval_loss").containsEntry("step", 3.0);
        assertThat(log.get(2).values()).containsKey("train_loss");
    }

    @Test
    void aStepIsLoggedOnceHoweverOftenItIsAskedFor() {
        var trainer = builder(model, 4)
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(1)
                .loggingStrategy(IntervalStrategy.EPOCH)
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onStepEnd(TrainerState state, TrainerControl control) {
                        control.log();
                    }
                })
                .build();

        trainer.train();

        assertThat(logged(trainer, "learning_rate")).hasSize(2);
    }

    @Test
    void stoppingAnEpochGoesOnWithTheNext() {
        EventRecorder recorder = new EventRecorder();
        var trainer = builder(model, 4)
                .perDeviceTrainBatchSize(1)
                .numTrainEpochs(2)
                .callbacks(
                        new TrainerCallback() {
                            @Override
                            public void onStepEnd(TrainerState state, TrainerControl control) {
                                if (state.globalStep() == 1) {
                                    control.stopEpoch();
                                }
                            }
                        },
                        recorder)
                .build();

        trainer.train();

        assertThat(trainer.state().globalStep()).isEqualTo(1 + 4);
        assertThat(recorder.names().stream().filter(name -> name.startsWith("epoch")))
                .containsExactly("epoch_begin", "epoch_end", "epoch_begin", "epoch_end");
    }

    @Test
    void stoppingBeforeTheFirstStepTrainsNothing() {
        var trainer = builder(model, 4)
                .callbacks(new TrainerCallback() {
                    @Override
                    public void onTrainBegin(TrainerState state, TrainerControl control) {
                        control.stopTraining();
                    }
                })
                .build();

        TrainOutput output = trainer.train();

        assertThat(output.globalStep()).isZero();
        assertThat(output.trainingLoss()).isNaN();
        assertThat(model.calls).containsExactly("close");
    }

    @Test
    void aStopDoesNotOutliveItsRun() {
        var trainer = builder(model, 4)
                .perDeviceTrainBatchSize(1)
                .numTrainEpochs(1)
                .callbacks(new TrainerCallback() {
                    private int runs;

                    @Override
                    public void onTrainBegin(TrainerState state, TrainerControl control) {
                        runs++;
                    }

                    @Override
                    public void onStepEnd(TrainerState state, TrainerControl control) {
                        if (runs == 1) {
                            control.stopTraining();
                        }
                    }
                })
                .build();

        assertThat(trainer.train().globalStep()).isEqualTo(1);
        assertThat(trainer.train().globalStep()).isEqualTo(4);
    }

    @Test
    void earlyStoppingEndsARunThatGetsNoBetter() {
        Metric<Example<Text, String>, Classification> flat = Metric.of("flat", Collectors.averagingDouble(o -> 1));
        var trainer = builder(model, 20)
                .perDeviceTrainBatchSize(2)
                .evalDataset(Numbers.signs(4))
                .computeMetrics(flat)
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(2)
                .callbacks(EarlyStopping.patience(2))
                .build();

        assertThat(trainer.train().globalStep()).isEqualTo(6);
        assertThat(trainer.state().bestGlobalStep()).hasValue(2);
    }

    @Test
    void theStateRemembersTheBestEvaluation() {
        var trainer = builder(model, 20)
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(2)
                .evalDataset(Numbers.signs(20))
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .build();

        trainer.train();

        List<Double> accuracies = logged(trainer, "eval_accuracy");
        double best = accuracies.stream().mapToDouble(a -> a).max().orElseThrow();
        assertThat(trainer.state().metricForBestModel()).isEqualTo("accuracy");
        assertThat(trainer.state().bestMetric()).hasValue(best);
        assertThat(trainer.state().bestGlobalStep()).hasValue(1 + accuracies.indexOf(best));
    }

    @Test
    void withoutMetricsTheLowestLossIsBest() {
        var trainer = builder(model, 20)
                .numTrainEpochs(3)
                .evalDataset(Numbers.signs(20))
                .evalStrategy(IntervalStrategy.EPOCH)
                .predictionLossOnly(true)
                .build();

        trainer.train();

        double best =
                logged(trainer, "eval_loss").stream().mapToDouble(a -> a).min().orElseThrow();
        assertThat(trainer.state().bestMetric()).hasValue(best);
        assertThat(trainer.state().metrics()).containsExactly("loss");
    }

    private static double mean(List<Double> losses, List<Integer> sizes, int from, int to) {
        double sum = 0;
        int items = 0;
        for (int i = from; i < to; i++) {
            sum += losses.get(i) * sizes.get(i);
            items += sizes.get(i);
        }
        return sum / items;
    }

    private static List<Double> logged(Trainer<?, ?, ?> trainer, String name) {
        return trainer.state().logHistory().stream()
                .filter(log -> log.has(name))
                .map(log -> log.get(name))
                .toList();
    }

    private static Trainer.Builder<Text, String, Classification> builder(LinearModel model, int examples) {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(examples))
                .trainSamplingStrategy(Sampler.sequential())
                .learningRate(0.5);
    }
}
