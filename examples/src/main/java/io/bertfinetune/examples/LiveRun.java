package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.ModelCard;
import io.bertfinetune.Trainer;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.F1;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.page.RunPage;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import java.nio.file.Path;
import java.util.List;

/**
 * A run to watch in a browser while it goes on. It leaves the page behind as one file, beside the model and its card.
 */
public final class LiveRun {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("output", "runs/live", "The folder for the model, its card and the page"),
            Flag.of("epochs", "3", "How often training goes through the data"));

    private LiveRun() {}

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
        Path output = OutputFolder.make(flags.path("output"));
        train(Shipped.model(flags), Corpus.read(Shipped.data(flags)), output, flags.number("epochs"));
        System.out.println("the page stays at " + output.resolve("run.html"));
    }

    private static void train(Path pretrained, Corpus corpus, Path output, double epochs) {
        var task = SequenceClassification.labelsOf(corpus.train());
        try (var model = Bert.fromPretrained(pretrained).maxLength(64).load(task)) {
            // #region run
            try (var page = RunPage.live(output).announce(url -> System.out.println("watch the run at " + url))) {
                var trainer = Trainer.builder()
                        .model(model)
                        .trainDataset(corpus.train())
                        .evalDataset(corpus.validation())
                        .computeMetrics(Accuracy.of(), F1.macro())
                        .callbacks(page)
                        .runName("mails")
                        .numTrainEpochs(epochs)
                        .perDeviceTrainBatchSize(16)
                        .learningRate(2e-4)
                        .warmupSteps(Steps.ratio(0.1))
                        .loggingSteps(Steps.ratio(0.02))
                        .includeNumInputTokensSeen(InputTokens.NON_PADDING)
                        .evalStrategy(IntervalStrategy.STEPS)
                        .evalSteps(Steps.ratio(0.1))
                        .build();
                trainer.train();

                model.save(output);
                trainer.createModelCard(
                        output,
                        ModelCard.named("mail-desk")
                                .license("apache-2.0")
                                .baseModel("sentence-transformers/all-MiniLM-L6-v2")
                                .language("en")
                                .dataset("customer-mails"));
            }
            // #endregion run
        }
    }
}
