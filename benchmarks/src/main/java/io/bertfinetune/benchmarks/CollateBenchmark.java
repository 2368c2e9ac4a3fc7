package io.bertfinetune.benchmarks;

import io.bertfinetune.Bert;
import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.EvalResult;
import io.bertfinetune.model.Model;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.task.SequenceClassification;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A batch of 32 texts of ten words each: what tokenizing it costs next to a pass forward of MiniLM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class CollateBenchmark {
    private static final int TEXTS = 32;
    private static final int WORDS = 10;

    private final TemporaryFolder folder = new TemporaryFolder();
    private final Model<Text, String, Classification> model;
    private final Collator<Example<Text, String>> collator;
    private final Map<String, Integer> vocabulary;
    private final List<Example<Text, String>> examples;
    private final Batch<Example<Text, String>> batch;

    /** Opens the model and makes up texts. */
    public CollateBenchmark() {
        StepWork.ofMiniLm().writeTo(folder.path());
        model = Bert.fromPretrained(folder.path()).load(SequenceClassification.of("0", "1"));
        vocabulary = model.tokenizer().vocabulary();
        collator = model.collator(Padding.LONGEST);
        SplittableRandom random = new SplittableRandom(1);
        examples = IntStream.range(0, TEXTS)
                .mapToObj(i -> random.ints(WORDS, RandomBert.firstWord(), BertSize.MINILM.vocabulary())
                        .mapToObj(word -> "word" + word)
                        .collect(Collectors.joining(" ")))
                .map(text -> Example.of(Text.of(text), "0"))
                .toList();
        batch = collator.collate(examples);
    }

    /**
     * Tokenizes and pads the texts.
     *
     * @return the batch
     */
    @Benchmark
    public Batch<Example<Text, String>> collate() {
        return collator.collate(examples);
    }

    /**
     * Looks up the same words in a map, split at blanks: the least that any tokenizer does.
     *
     * @return token ids
     */
    @Benchmark
    public long[][] plainLoop() {
        long[][] ids = new long[examples.size()][];
        for (int i = 0; i < ids.length; i++) {
            String[] words = examples.get(i).input().text().split(" ");
            ids[i] = new long[words.length];
            for (int j = 0; j < words.length; j++) {
                ids[i][j] = vocabulary.getOrDefault(words[j], 1);
            }
        }
        return ids;
    }

    /**
     * Runs the batch forward.
     *
     * @return loss and predictions
     */
    @Benchmark
    public EvalResult<Classification> evaluate() {
        return model.evaluate(batch);
    }

    /** Closes the model and removes its files. */
    @TearDown
    public void close() {
        model.close();
        folder.close();
    }
}
