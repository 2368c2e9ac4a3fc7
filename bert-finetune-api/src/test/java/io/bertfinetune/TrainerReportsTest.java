package io.bertfinetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bertfinetune.data.Sampler;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.ReduceLrOnPlateau;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tokens, memory, and a learning rate that follows the evaluations. */
class TrainerReportsTest {
    private final LinearModel model = Numbers.model();

    @Test
    void tokensAreCountedWithOrWithoutPadding() {
        // "1.0 1", "-1.1 1" and "1.2 1", "-1.3 1": 5 + 6 letters a batch, padded to 6 each
        for (InputTokens which : List.of(InputTokens.ALL, InputTokens.NON_PADDING)) {
            int inABatch = which == InputTokens.ALL ? 12 : 11;
            var trainer = builder()
                    .dataCollator(Tokens.collator())
                    .includeNumInputTokensSeen(which)
                    .loggingSteps(1)
                    .build();

            TrainOutput output = trainer.train();

            assertThat(trainer.state().numInputTokensSeen()).isEqualTo(2L * inABatch);
            assertThat(trainer.state().logHistory())
                    .extracting(entry -> entry.get("num_input_tokens_seen"))
                    .containsExactly((double) inABatch, 2.0 * inABatch, 2.0 * inABatch);
            assertThat(trainer.state().logHistory())
                    .allSatisfy(entry ->
                            assertThat(entry.get("train_tokens_per_second")).isPositive());
            assertThat(output.metrics().get("train_tokens_per_second")).isPositive();
        }
    }

    @Test
    void tokensAreNotCountedUnlessAskedFor() {
        var trainer = builder().loggingSteps(1).build();

        trainer.train();

        assertThat(trainer.state().logHistory()).noneMatch(entry -> entry.has("num_input_tokens_seen"));
        assertThat(trainer.state().numInputTokensSeen()).isZero();
    }

    @Test
    void memoryIsReportedIfAskedFor() {
        var watched = builder().skipMemoryMetrics(false).build();

        Metrics train = watched.train().metrics();
        Metrics eval = watched.evaluate(Numbers.signs(4));

        assertThat(train.values())
                .containsKeys("train_mem_heap_alloc_delta", "train_mem_heap_peaked_delta")
                .doesNotContainKey("eval_mem_heap_peaked_delta");
        assertThat(eval.values()).containsKeys("eval_mem_heap_alloc_delta", "eval_mem_heap_peaked_delta");
        assertThat(builder().build().train().metrics().values().keySet()).noneMatch(name -> name.contains("_mem_"));
    }

    @Test
    void theHighestOfManySamplesIsThePeak() {
        long[] heap = {100};
        long[] resident = {1000};
        try (MemoryWatch watch = new MemoryWatch(() -> heap[0], () -> OptionalLong.of(resident[0]))) {
            heap[0] = 500;
            resident[0] = 9000;
            watch.sample();
            heap[0] = 150;
            resident[0] = 4000;

            Metrics reported = watch.report(Metrics.of("loss", 1), "train");

            assertThat(reported.get("train_mem_heap_alloc_delta")).isEqualTo(50);
            assertThat(reported.get("train_mem_heap_peaked_delta")).isEqualTo(350);
            assertThat(reported.get("train_mem_cpu_alloc_delta")).isEqualTo(3000);
            assertThat(reported.get("train_mem_cpu_peaked_delta")).isEqualTo(5000);
        }
    }

    @Test
    void whatIsDebuggedReachesTheSession() {
        builder().debug(DebugOption.UNDERFLOW_OVERFLOW).build().train();

        assertThat(model.options.orElseThrow().debug()).containsExactly(DebugOption.UNDERFLOW_OVERFLOW);
    }

    @Test
    void theLearningRateFallsWhenEvaluationsAreNoBetter() {
        var trainer = plateau().build();

        trainer.train();

        // every gain is below the threshold: the first evaluation is the best, each after it halves the rate
        assertThat(rates()).containsExactly("step 0.5", "step 0.5", "step 0.25", "step 0.125");
    }

    @Test
    void anEvaluationBeforeTheFirstStepDoesNotCount() {
        plateau().evalOnStart(true).build().train();

        assertThat(rates()).containsExactly("step 0.5", "step 0.5", "step 0.25", "step 0.125");
    }

    @Test
    void aMetricThatIsNotReportedAfterAllEndsTheRun() {
        var trainer = plateau()
                .computeMetrics(shy())
                .metricForBestModel("shy")
                .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau().mode(ReduceLrOnPlateau.Mode.MAX))
                .build();

        assertThatThrownBy(trainer::train)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reduce_lr_on_plateau")
                .hasMessageContaining("eval_shy");
    }

    /** A metric that cannot say beforehand what it reports, and then reports something else. */
    private static Metric<Object, Object> shy() {
        return new Metric<>() {
            @Override
            public String name() {
                return "shy";
            }

            @Override
            public Collector<Outcome<? extends Object, ? extends Object>, ?, Metrics> collector() {
                return Collectors.collectingAndThen(Collectors.toList(), all -> {
                    all.get(0);
                    return Metrics.of("bold", 1);
                });
            }
        };
    }

    private List<String> rates() {
        return model.calls.stream().filter(call -> call.startsWith("step")).toList();
    }

    private Trainer.Builder<Text, String, Classification> plateau() {
        return builder()
                .perDeviceTrainBatchSize(1)
                .evalDataset(Numbers.signs(4))
                .evalStrategy(IntervalStrategy.STEPS)
                .evalSteps(1)
                .metricForBestModel("eval_loss")
                .lrSchedulerType(LearningRateSchedule.reduceLrOnPlateau()
                        .factor(0.5)
                        .patience(0)
                        .threshold(10, ReduceLrOnPlateau.ThresholdMode.ABS));
    }

    private Trainer.Builder<Text, String, Classification> builder() {
        return Trainer.builder()
                .model(model)
                .trainDataset(Numbers.signs(4))
                .trainSamplingStrategy(Sampler.sequential())
                .perDeviceTrainBatchSize(2)
                .numTrainEpochs(1)
                .learningRate(0.5);
    }
}
