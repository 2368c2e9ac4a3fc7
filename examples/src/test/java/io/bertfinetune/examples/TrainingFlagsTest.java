package io.bertfinetune.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bertfinetune.TrainingArguments;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.training.IntervalStrategy;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TrainingFlagsTest {
    private static TrainingArguments read(String... args) {
        return TrainingFlags.read(Flags.parse(TrainingFlags.all(), args));
    }

    private static void assertRefused(String message, String... args) {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> read(args))
                .withMessageStartingWith(message);
    }

    @Test
    void withoutFlagsAllIsAtItsDefault() {
        assertThat(read().toJson())
                .isEqualTo(TrainingArguments.builder().build().toJson());
    }

    @Test
    void flagsOfHuggingFaceAreRead() {
        TrainingArguments args = read(
                "--output_dir",
                "out",
                "--per_device_train_batch_size",
                "32",
                "--per_device_eval_batch_size",
                "64",
                "--gradient_accumulation_steps",
                "2",
                "--learning_rate",
                "2e-5",
                "--num_train_epochs",
                "2.5",
                "--max_steps",
                "100",
                "--weight_decay",
                "0.01",
                "--warmup_steps",
                "10",
                "--max_grad_norm",
                "0",
                "--seed",
                "7",
                "--data_seed",
                "8",
                "--eval_strategy",
                "steps",
                "--eval_steps",
                "20",
                "--logging_steps",
                "5",
                "--dataloader_drop_last");

        assertThat(args.outputDir()).hasToString("out");
        assertThat(args.perDeviceTrainBatchSize()).isEqualTo(32);
        assertThat(args.perDeviceEvalBatchSize()).isEqualTo(64);
        assertThat(args.gradientAccumulationSteps()).isEqualTo(2);
        assertThat(args.learningRate()).isEqualTo(2e-5);
        assertThat(args.numTrainEpochs()).isEqualTo(2.5);
        assertThat(args.maxSteps()).isEqualTo(100);
        assertThat(args.weightDecay()).isEqualTo(0.01);
        assertThat(args.warmupSteps()).isEqualTo(Steps.of(10));
        assertThat(args.maxGradNorm()).isZero();
        assertThat(args.seed()).isEqualTo(7);
        assertThat(args.dataSeed()).isEqualTo(OptionalLong.of(8));
        assertThat(args.evalStrategy()).isEqualTo(IntervalStrategy.STEPS);
        assertThat(args.evalSteps()).isEqualTo(Steps.of(20));
        assertThat(args.loggingSteps()).isEqualTo(Steps.of(5));
        assertThat(args.dataloaderDropLast()).isTrue();
    }

    @Test
    void aNumberOfStepsBelowOneIsAShareOfTheRun() {
        assertThat(read("--warmup_steps", "0.1").warmupSteps()).isEqualTo(Steps.ratio(0.1));
        assertThat(read("--warmup_steps", "1").warmupSteps()).isEqualTo(Steps.of(1));
    }

    @Test
    void aScheduleMayHaveSettings() {
        TrainingArguments args =
                read("--lr_scheduler_type", "cosine_with_restarts", "--lr_scheduler_kwargs", "{\"num_cycles\": 2}");

        assertThat(args.lrSchedulerType()).isEqualTo(LearningRateSchedule.cosineWithRestarts(2));
    }

    @Test
    void aListIsATextWithSpaces() {
        assertThat(read("--debug", "underflow_overflow").debug()).containsExactly(DebugOption.UNDERFLOW_OVERFLOW);
        assertThat(read("--skip_memory_metrics", "false").skipMemoryMetrics()).isFalse();
    }

    @Test
    void aNameStaysAName() {
        assertThat(read("--run_name", "the third").runName()).hasValue("the third");
    }

    @Test
    void aValueThatDoesNotFitIsShownWithItsFlag() {
        assertRefused("--learning_rate is 'high', expected a number", "--learning_rate", "high");
        assertRefused("--learning_rate is -1", "--learning_rate", "-1");
        assertRefused("--per_device_train_batch_size is 1.5", "--per_device_train_batch_size", "1.5");
        assertRefused("--lr_scheduler_type is \"cosin\"", "--lr_scheduler_type", "cosin");
        assertRefused("--data_seed is \"x\"", "--data_seed", "x");
    }

    @Test
    void contradictionsAreRefused() {
        assertRefused("evalSteps(10 steps) beside evalStrategy(NO)", "--eval_steps", "10");
    }
}
