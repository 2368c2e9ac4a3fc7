// Part 3 of the workshop as a notebook: docs/workshop/3-fine-tuning-loop.md explains what is printed here.
//
// After "mvn -DskipTests package", from the root of the repository:
//
//   jshell -R-Xmx1g --class-path examples/target/bert-finetune-examples.jar examples/src/main/jshell/3-fine-tuning-loop.jsh
//
// trains for a minute or two and leaves you at a prompt where "model", "corpus" and "settings" are yours. To go section
// by section, start jshell without the file and paste one section after the other.
//
// What stands between "source" and "end" is code of the example HandWrittenLoop; a test keeps it so.

// ==== The data, in three parts

import io.bertfinetune.Bert;
import io.bertfinetune.data.*;
import io.bertfinetune.metric.*;
import io.bertfinetune.model.*;
import io.bertfinetune.optim.*;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.*;

record Corpus(
        IndexedDataset<Example<Text, String>> train,
        IndexedDataset<Example<Text, String>> validation,
        IndexedDataset<Example<Text, String>> test) {}

IndexedDataset<Example<Text, String>> mails(String file) {
    Path folder = Path.of("examples/src/main/resources/io/bertfinetune/examples/mails");
    return Dataset.csv(folder.resolve(file)).map(row -> Example.of(Text.of(row.get("text")), row.get("label")));
}

Corpus corpus = new Corpus(mails("train.csv"), mails("validation.csv"), mails("test.csv"));
Path pretrained = Path.of("examples/target/models/all-minilm-l6-v2.jar");

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#open
Model<Text, String, Classification> open(Path pretrained, Corpus corpus) {
    return Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(corpus.train()));
}
// end

// ==== What is decided before

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#settings
/** What you decide before training begins. */
record Settings(
        int epochs,
        int batchSize,
        double learningRate,
        Steps warmup,
        double weightDecay,
        double maxGradNorm,
        long seed) {}
// end

Settings settings = new Settings(4, 32, 3e-4, Steps.ratio(0), 0, 1, 42);
int TELL_EVERY = 20;

// ==== Batches, and an optimizer

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#loader
DataLoader<Example<Text, String>> loader(
        Model<Text, String, Classification> model, Corpus corpus, Settings settings) {
    return DataLoader.of(corpus.train(), model.collator(Padding.LONGEST))
            .batchSize(settings.batchSize())
            .sampler(Sampler.random())
            .seed(settings.seed());
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#options
SessionOptions options(Settings settings) {
    return SessionOptions.of(AdamW.defaults())
            .weightDecay(settings.weightDecay())
            .seed(settings.seed());
}
// end

// ==== One step

var model = open(pretrained, corpus);

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#look
String look(
        Model<Text, String, Classification> model,
        Example<Text, String> first,
        Batch<Example<Text, String>> batch) {
    double right = model.predict(first.input()).probabilities().getOrDefault(first.label(), 0.0);
    double loss = model.evaluate(batch).loss();
    return String.format(Locale.ROOT, "probability of %s %.3f, loss of the batch %.4f", first.label(), right, loss);
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#one-step
try (var session = model.startTraining(options(settings));
        var batches = loader(model, corpus, settings).epoch(0)) {
    var batch = batches.iterator().next();
    var first = batch.examples().get(0);
    System.out.printf("\"%s\" is %s%n", first.input().text(), first.label());
    System.out.println("before: " + look(model, first, batch));

    double loss = session.forwardBackward(batch).loss(); // forward, loss, backward
    double norm = session.clipGradNorm(settings.maxGradNorm());
    session.step(settings.learningRate()); // update
    session.zeroGrad();

    System.out.printf(Locale.ROOT, "one step: loss with dropout %.4f, gradient norm %.2f%n", loss, norm);
    System.out.println("after: " + look(model, first, batch));
}
// end

model.close();

// ==== How good is it

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#results
/** What an evaluation found, and each example with its prediction. */
record Evaluation(Metrics metrics, List<Outcome<Example<Text, String>, Classification>> outcomes) {}

/** How an epoch went. */
record Epoch(double trainLoss, Metrics validation) {}
// end
// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#evaluate
/** Loss, accuracy and Matthews correlation, without dropout and without gradients. */
Evaluation evaluate(Model<Text, String, Classification> model, IndexedDataset<Example<Text, String>> data) {
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
    Metrics metrics = Metrics.of("loss", loss / data.count())
            .with(outcomes.stream().collect(Accuracy.of().collector()))
            .with(outcomes.stream().collect(MatthewsCorrelation.of().collector()));
    return new Evaluation(metrics, outcomes);
}
// end

// ==== The loop

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#train
/** Trains, and says how each epoch went. */
List<Epoch> train(
        Model<Text, String, Classification> model, Corpus corpus, Settings settings, Consumer<String> log) {
    List<Epoch> epochs = new ArrayList<>();
    var schedule = LearningRateSchedule.linear();
    var train = loader(model, corpus, settings);
    long steps = (long) settings.epochs() * train.batches();
    long step = 0;
    try (var session = model.startTraining(options(settings))) {
        for (int epoch = 0; epoch < settings.epochs(); epoch++) {
            double sum = 0;
            try (var batches = train.epoch(epoch)) {
                for (var batch : batches) {
                    double loss = session.forwardBackward(batch).loss();
                    double norm = session.clipGradNorm(settings.maxGradNorm());
                    Progress progress = Progress.at(step, steps).warmup(settings.warmup());
                    double rate = settings.learningRate() * schedule.factor(progress);
                    session.step(rate);
                    session.zeroGrad();

                    sum += loss;
                    step++;
                    if (step % TELL_EVERY == 0) {
                        log.accept(String.format(
                                Locale.ROOT,
                                "step %3d of %d: loss %.4f, gradient norm %5.2f, learning rate %.1e",
                                step,
                                steps,
                                loss,
                                norm,
                                rate));
                    }
                }
            }
            epochs.add(new Epoch(
                    sum / train.batches(),
                    evaluate(model, corpus.validation()).metrics()));
            log.accept(String.format(
                    Locale.ROOT,
                    "epoch %d of %d: train loss %.4f; validation: %s",
                    epoch + 1,
                    settings.epochs(),
                    epochs.get(epoch).trainLoss(),
                    epochs.get(epoch).validation()));
        }
    }
    return epochs;
}
// end

var model = open(pretrained, corpus);
List<Epoch> epochs = train(model, corpus, settings, System.out::println);

// ==== The test

// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#by-batch
/** The Matthews correlation of each 32 examples. */
List<Double> byBatch(List<Outcome<Example<Text, String>, Classification>> outcomes) {
    List<Double> correlations = new ArrayList<>();
    for (int start = 0; start < outcomes.size(); start += 32) {
        correlations.add(outcomes.subList(start, Math.min(start + 32, outcomes.size())).stream()
                .collect(MatthewsCorrelation.of().collector())
                .get("matthews_correlation"));
    }
    return correlations;
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#rounded
String rounded(List<Double> numbers) {
    return numbers.stream()
            .map(number -> String.format(Locale.ROOT, "%.2f", number))
            .collect(Collectors.joining(" "));
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/HandWrittenLoop.java#test
Evaluation test = evaluate(model, corpus.test());
System.out.println("test: " + test.metrics());
System.out.println("test, batch by batch: " + rounded(byBatch(test.outcomes())));
// end
