package io.bertfinetune.benchmarks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.bertfinetune.Bert;
import io.bertfinetune.Trainer;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.metric.Accuracy;
import io.bertfinetune.model.Precision;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.Map;

/** Fine-tunes for one epoch and evaluates once, as a user writes it: from two CSV files and a model's folder. */
final class EpochWork implements Work {
    private final Path folder;
    private final Sampler sampler;
    private final boolean pads;
    private final Precision precision;

    /**
     * Prepares nothing.
     *
     * @param padding {@code fixed}, {@code longest} or {@code grouped}
     */
    EpochWork(Path folder, String padding, Precision precision) {
        this.folder = folder;
        this.sampler = padding.equals("grouped") ? Sampler.groupByLength() : Sampler.random();
        this.pads = padding.equals("fixed");
        this.precision = precision;
    }

    @Override
    public Map<String, Double> once() {
        long start = System.nanoTime();
        TextWork work = TextWork.read(folder);
        try (var model =
                Bert.fromPretrained(folder).maxLength(work.maxLength()).load(SequenceClassification.of("0", "1"))) {
            var trainer = Trainer.builder()
                    .model(model)
                    .trainDataset(sentences("train.csv"))
                    .evalDataset(sentences("dev.csv"))
                    .dataCollator(model.collator(pads ? Padding.MAX_LENGTH : Padding.LONGEST))
                    .computeMetrics(Accuracy.of())
                    .args(arguments(work))
                    .build();
            long prepared = System.nanoTime();
            trainer.train();
            long trained = System.nanoTime();
            double accuracy = trainer.evaluate().get("eval_accuracy");
            long end = System.nanoTime();
            return Map.of(
                    "run_s", (end - start) / 1e9,
                    "train_s", (trained - prepared) / 1e9,
                    "eval_s", (end - trained) / 1e9,
                    "eval_accuracy", accuracy);
        }
    }

    private TrainingArguments arguments(TextWork work) {
        TrainingArguments args = TrainingArguments.builder()
                .outputDir(folder.resolve("output"))
                .numTrainEpochs(1)
                .learningRate(work.learningRate())
                .perDeviceTrainBatchSize(work.batch())
                .perDeviceEvalBatchSize(work.batch())
                .maxGradNorm(work.maxGradNorm())
                .trainSamplingStrategy(sampler)
                .seed(work.seed())
                .saveStrategy(SaveStrategy.NO)
                .build();
        if (precision == Precision.FLOAT32) {
            return args;
        }
        JsonObject json = JsonParser.parseString(args.toJson()).getAsJsonObject();
        json.addProperty("bf16", true);
        json.addProperty("bf16_full_eval", true); // as Hugging Face's autocast evaluates
        return TrainingArguments.fromJson(json.toString());
    }

    private IndexedDataset<Example<Text, String>> sentences(String file) {
        return Dataset.csv(folder.resolve(file)).map(row -> Example.of(Text.of(row.get("sentence")), row.get("label")));
    }
}
