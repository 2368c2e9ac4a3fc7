package io.bertfinetune.examples;

import io.bertfinetune.Bert;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.metric.MatthewsCorrelation;
import io.bertfinetune.metric.Outcome;
import io.bertfinetune.model.Model;
import io.bertfinetune.model.SessionOptions;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Progress;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The training loop written out, step by step, as in the tutorial of McCormick and Ryan (2019): shuffle, forward,
 * backward, clip, step, and after each epoch a look at the validation set.
 *
 * <p>{@code --data} names the raw folder of CoLA, the tutorial's data, or one with {@code train.csv},
 * {@code validation.csv} and {@code test.csv}.
 */
public final class HandWrittenLoop {
    private static final List<Flag> FLAGS = List.of(
            Flag.MODEL,
            Flag.DATA,
            Flag.of("epochs", "4", "How often training goes through the data"),
            Flag.of("batch_size", "32", "How many examples make one step"),
            Flag.of("learning_rate", "3e-4", "The highest learning rate"),
            Flag.of("seed", "42", "Another seed, another shuffling and dropout"));

    private HandWrittenLoop() {}

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
        Corpus corpus = Corpus.read(Shipped.data(flags));
        Path pretrained = Shipped.model(flags);
        try (var model =
                Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(corpus.train()))) {
            train(
                    model,
                    corpus,
                    flags.whole("epochs"),
                    flags.whole("batch_size"),
                    flags.number("learning_rate"),
                    flags.whole("seed"));
            System.out.println("test: " + evaluate(model, corpus.test()));
        }
    }

    private static void train(
            Model<Text, String, Classification> model,
            Corpus corpus,
            int epochs,
            int batchSize,
            double learningRate,
            long seed) {
        var schedule = LearningRateSchedule.linear();
        var train = DataLoader.of(corpus.train(), model.collator(Padding.LONGEST))
                .batchSize(batchSize)
                .sampler(Sampler.random())
                .seed(seed);
        long step = 0;
        long steps = (long) epochs * train.batches();
        try (var session =
                model.startTraining(SessionOptions.of(AdamW.defaults()).seed(seed))) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                double loss = 0;
                try (var batches = train.epoch(epoch)) {
                    for (var batch : batches) {
                        loss += session.forwardBackward(batch).loss();
                        session.clipGradNorm(1.0);
                        session.step(learningRate * schedule.factor(Progress.at(step++, steps)));
                        session.zeroGrad();
                    }
                }
                System.out.printf(
                        Locale.ROOT, "epoch %d of %d: train loss %.4f%n", epoch + 1, epochs, loss / train.batches());
                System.out.println("validation: " + evaluate(model, corpus.validation()));
            }
        }
    }

    /** Loss, accuracy and Matthews correlation, without dropout and without gradients. */
    private static String evaluate(
            Model<Text, String, Classification> model, IndexedDataset<Example<Text, String>> data) {
        List<Outcome<Example<Text, String>, Classification>> outcomes = new ArrayList<>();
        double loss = 0;
        try (var batches = DataLoader.of(data, model.collator(Padding.LONGEST))
                .batchSize(32)
                .epoch(0)) {
            for (var batch : batches) {
                var result = model.evaluate(batch);
                loss += result.loss() * result.items();
                for (int i = 0; i < batch.size(); i++) {
                    outcomes.add(new Outcome<>(
                            batch.examples().get(i), result.predictions().get(i)));
                }
            }
        }
        return outcomes.stream()
                .collect(Accuracy.of().collector())
                .with("loss", loss / data.count())
                .with(
                        "matthews_correlation",
                        outcomes.stream()
                                .collect(MatthewsCorrelation.of().collector())
                                .get("matthews_correlation"))
                .toString();
    }
}
