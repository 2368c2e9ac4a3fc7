package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.TrainOutput;
import io.bertfinetune.Trainer;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.F1;
import io.bertfinetune.metric.MatthewsCorrelation;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.ProgressCallback;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.List;

/**
 * What a trainer can be told: metrics, early stopping, gradient accumulation, a schedule with warm-up, weight decay,
 * checkpoints of the best evaluations.
 * Every argument has the name and the default it has in Hugging Face's {@code TrainingArguments}.
 */
public final class TrainerTour {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("epochs", "6", "How often training goes through the data, unless it stops before"),
            Flag.of("output", "runs/trainer-tour", "The folder for the best checkpoints"));

    private TrainerTour() {}

    /**
     * Runs the example.
     *
     * @param args flags, see {@code --help}
     */
    public static void main(String... args) {
        Flags flags = Flags.parse(FLAGS, args);
        if (flags.asksForHelp()) {
            System.out.println(Flags.help(FLAGS));
            return;
        }
        train(
                Shipped.model(flags),
                Corpus.read(Shipped.data(flags)),
                flags.number("epochs"),
                OutputFolder.make(flags.path("output")));
    }

    private static void train(Path pretrained, Corpus corpus, double epochs, Path output) {
        try (var model =
                Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(corpus.train()))) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(corpus.train())
                    .evalDataset(corpus.validation())
                    .computeMetrics(MatthewsCorrelation.of(), Accuracy.of(), F1.macro())
                    .callbacks(EarlyStopping.patience(3), ProgressCallback.lines(System.out))
                    .numTrainEpochs(epochs)
                    .perDeviceTrainBatchSize(16)
                    .gradientAccumulationSteps(2)
                    .learningRate(3e-4)
                    .lrSchedulerType(LearningRateSchedule.cosine())
                    .warmupSteps(Steps.ratio(0.1))
                    .weightDecay(0.01)
                    .evalStrategy(IntervalStrategy.STEPS)
                    .evalSteps(Steps.ratio(0.1))
                    .outputDir(output)
                    .saveStrategy(SaveStrategy.BEST)
                    .saveTotalLimit(2)
                    .loadBestModelAtEnd(true)
                    .metricForBestModel("matthews_correlation")
                    .seed(42)
                    .build();

            TrainOutput result = trainer.train(); // after a crash: trainer.resumeLatest()

            System.out.println("trained " + result.globalStep() + " steps: " + result.metrics());
            trainer.state().bestModelCheckpoint().ifPresent(best -> System.out.println("best: " + best));
            System.out.println("test: " + trainer.evaluate(corpus.test()));
        }
    }
}
