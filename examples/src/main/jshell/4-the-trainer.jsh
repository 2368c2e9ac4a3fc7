// Part 4 of the workshop as a notebook: docs/workshop/4-the-trainer.md explains what is printed here.
//
// After "mvn -DskipTests package", from the root of the repository:
//
//   jshell -R-Xmx1g --class-path examples/target/bert-finetune-examples.jar examples/src/main/jshell/4-the-trainer.jsh
//
// trains for some minutes and leaves you at a prompt where "open", "trainer" and "corpus" are yours. To go section by section,
// start jshell without the file and paste one section after the other. Checkpoints go to a new folder among the temporary
// files; its name is in "folder".
//
// What stands between "source" and "end" is code of the example TheTrainer; a test keeps it so.

// ==== The data, in three parts

import io.bertfinetune.*;
import io.bertfinetune.data.*;
import io.bertfinetune.metric.*;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.*;
import io.bertfinetune.training.*;

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
double epochs = 4;
double learningRate = 3e-4;

// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#open
Model<Text, String, Classification> open(Path pretrained, Corpus corpus) {
    return Bert.fromPretrained(pretrained).maxLength(64).load(SequenceClassification.labelsOf(corpus.train()));
}
// end

// ==== The loop, in a few lines

// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#callback
/** Prints every evaluation as a line. */
class PrintEvaluations implements TrainerCallback {
    @Override
    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
        System.out.printf(
                Locale.ROOT,
                "epoch %.0f: loss %.4f, accuracy %.4f%n",
                state.epoch(),
                metrics.get("eval_loss"),
                metrics.get("eval_accuracy"));
    }
}
// end

// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#same
try (var model = open(pretrained, corpus)) {
    var trainer = Trainer.builder()
            .model(model)
            .trainDataset(corpus.train())
            .evalDataset(corpus.validation())
            .computeMetrics(Accuracy.of(), MatthewsCorrelation.of())
            .numTrainEpochs(epochs)
            .perDeviceTrainBatchSize(32)
            .learningRate(learningRate)
            .evalStrategy(IntervalStrategy.EPOCH)
            .callbacks(new PrintEvaluations())
            .build();
    trainer.train();
    Metrics test = trainer.predict(corpus.test()).metrics();
    System.out.printf(
            Locale.ROOT,
            "test: loss %.4f, accuracy %.4f, Matthews correlation %.4f%n",
            test.get("test_loss"),
            test.get("test_accuracy"),
            test.get("test_matthews_correlation"));
}
// end

// ==== Broken off, and resumed

Corpus corpus = new Corpus(mails("train.csv").limit(200), mails("validation.csv"), mails("test.csv"));
Path folder = Files.createTempDirectory("trainer");

// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#resumable
Trainer<Text, String, Classification> trainer(
        Model<Text, String, Classification> model,
        Corpus corpus,
        TrainingArguments args,
        TrainerCallback... callbacks) {
    return Trainer.builder()
            .model(model)
            .trainDataset(corpus.train())
            .evalDataset(corpus.validation())
            .args(args)
            .callbacks(callbacks)
            .build();
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#power-cut
/** Something breaks after a number of steps. */
record PowerCut(long steps) implements TrainerCallback {
    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        if (state.globalStep() == steps) {
            throw new IllegalStateException("power cut after step " + steps);
        }
    }
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#arguments
TrainingArguments arguments(double learningRate, Path folder) {
    return TrainingArguments.builder()
            .numTrainEpochs(2)
            .learningRate(learningRate)
            .outputDir(folder)
            .saveSteps(5)
            .build();
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#print
void print(String name, TrainOutput output, Metrics evaluation) {
    System.out.printf(
            Locale.ROOT,
            "%s: %d steps, training loss %.6f, validation loss %.6f%n",
            name,
            output.globalStep(),
            output.trainingLoss(),
            evaluation.get("eval_loss"));
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#names
List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
        return files.map(file -> file.getFileName().toString()).sorted().collect(Collectors.toList());
    }
}
// end
// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#resume
TrainingArguments args = arguments(learningRate, folder);
try (var model = open(pretrained, corpus)) {
    trainer(model, corpus, args, new PowerCut(8)).train();
} catch (IllegalStateException e) {
    System.out.println(e.getMessage() + "; saved are " + names(folder));
}
try (var model = open(pretrained, corpus)) {
    var trainer = trainer(model, corpus, args);
    print("resumed", trainer.resumeLatest(), trainer.evaluate());
}
try (var model = open(pretrained, corpus)) {
    var trainer = trainer(model, corpus, args);
    print("in one go", trainer.train(), trainer.evaluate());
}
// end

// ==== Stopped when it gets no better

double epochs = 20;
Path folder = Files.createTempDirectory("trainer");
// source: examples/src/main/java/io/bertfinetune/examples/TheTrainer.java#early-stopping
try (var model = open(pretrained, corpus)) {
    var trainer = Trainer.builder()
            .model(model)
            .trainDataset(corpus.train())
            .evalDataset(corpus.validation())
            .numTrainEpochs(epochs)
            .perDeviceTrainBatchSize(16)
            .learningRate(learningRate)
            .evalStrategy(IntervalStrategy.EPOCH)
            .metricForBestModel("loss")
            .loadBestModelAtEnd(true)
            .outputDir(folder)
            .saveTotalLimit(1)
            .callbacks(EarlyStopping.patience(2), new PrintEvaluations())
            .build();
    trainer.train();
    System.out.printf(
            Locale.ROOT,
            "stopped after epoch %.0f; the model is that of step %d, validation loss %.4f%n",
            trainer.state().epoch(),
            trainer.state().bestGlobalStep().orElseThrow(),
            trainer.predict(corpus.validation()).metrics().get("test_loss"));
}
// end
