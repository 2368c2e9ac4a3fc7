package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.F1;
import io.bertfinetune.model.Model;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.EarlyStopping;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.List;

/**
 * A script of Hugging Face's Trainer, {@code from_hugging_face.py}, said again in Java, argument by argument; the guide
 * shows them side by side.
 */
public final class FromHuggingFace {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL, Flag.DATA, Flag.of("output", "runs/mails", "The folder for checkpoints and the trained model"));

    private FromHuggingFace() {}

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
        Path data = Shipped.data(flags);
        run(Shipped.model(flags), data.resolve("train.csv"), data.resolve("validation.csv"), flags.path("output"));
    }

    private static void run(Path folder, Path trainFile, Path devFile, Path output) {
        // #region load
        var train = Dataset.csv(trainFile).map(row -> Example.of(Text.of(row.get("text")), row.get("label")));
        var dev = Dataset.csv(devFile).map(row -> Example.of(Text.of(row.get("text")), row.get("label")));
        try (var model = Bert.fromPretrained(folder).maxLength(64).load(SequenceClassification.labelsOf(train))) {
            // #endregion load
            // #region train
            var trainer = Trainer.builder()
                    .model(model)
                    .outputDir(output)
                    .numTrainEpochs(3)
                    .perDeviceTrainBatchSize(16)
                    .gradientAccumulationSteps(2)
                    .learningRate(2e-4)
                    .lrSchedulerType(LearningRateSchedule.cosine())
                    .warmupSteps(Steps.ratio(0.1))
                    .weightDecay(0.01)
                    .evalStrategy(IntervalStrategy.EPOCH)
                    .saveStrategy(SaveStrategy.EPOCH)
                    .saveTotalLimit(2)
                    .loadBestModelAtEnd(true)
                    .metricForBestModel("f1")
                    .seed(42)
                    .trainDataset(train)
                    .evalDataset(dev)
                    .computeMetrics(Accuracy.of(), F1.macro())
                    .callbacks(EarlyStopping.patience(2))
                    .build();
            trainer.train();
            System.out.println(trainer.evaluate());
            // #endregion train
            classify(model, output);
        }
    }

    private static void classify(Model<Text, String, Classification> model, Path output) {
        // #region predict
        model.save(output.resolve("model"));
        System.out.println(model.predict(Text.of("Where is my parcel?")));
        // #endregion predict
    }
}
