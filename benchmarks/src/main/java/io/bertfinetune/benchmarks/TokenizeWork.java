package io.bertfinetune.benchmarks;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.DataLoader;
import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Goes through texts once with a {@link DataLoader}, in batches padded to their longest, as training does. */
final class TokenizeWork implements Work {
    private final Model<Text, String, Classification> model;
    private final DataLoader<Example<Text, String>> loader;

    TokenizeWork(Path folder) {
        TextWork work = TextWork.read(folder);
        List<Example<Text, String>> examples = TextWork.readTexts(folder).stream()
                .map(text -> Example.of(Text.of(text), "0"))
                .toList();
        this.model = Bert.fromPretrained(folder).maxLength(work.maxLength()).load(SequenceClassification.of("0", "1"));
        this.loader = DataLoader.of(Dataset.of(examples), model.collator(Padding.LONGEST))
                .batchSize(work.batch());
    }

    @Override
    public Map<String, Double> facts() {
        return Map.of("tokens", (double) tokens());
    }

    @Override
    public Map<String, Double> once() {
        long[] tokens = new long[1];
        double ms = Work.ms(() -> tokens[0] = tokens());
        return Map.of("tokens_per_second", 1000 * tokens[0] / ms);
    }

    private long tokens() {
        long tokens = 0;
        try (DataLoader.Pass<Example<Text, String>> pass = loader.epoch(0)) {
            for (Batch<Example<Text, String>> batch : pass) {
                LongBuffer mask = batch.tensor("attention_mask").longs();
                while (mask.hasRemaining()) {
                    tokens += mask.get();
                }
            }
        }
        return tokens;
    }

    @Override
    public void close() {
        model.close();
    }
}
