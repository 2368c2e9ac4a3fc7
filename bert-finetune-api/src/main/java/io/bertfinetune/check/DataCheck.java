package io.bertfinetune.check;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.model.Model;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.Optimizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Looks at data before a model is trained on it. Does not change: each word gives a new check.
 *
 * <pre>{@code
 * DataReport report = DataCheck.of(model, train).eval(dev).run();
 * System.out.println(report);
 * }</pre>
 *
 * <p>A sample of each data set is tokenized, spread evenly over it; all rows, up to a million, are compared and their labels
 * counted, at eight bytes a row. A data set that is a stream is opened once and read from its start. Rows are numbered
 * from 0.
 *
 * @param <I> input
 * @param <L> label
 */
public final class DataCheck<I, L> {
    private static final int MOST_ROWS = 1_000_000;

    private final Model<I, L, ?> model;
    private final Map<String, Dataset<Example<I, L>>> data; // the training set first
    private final Settings settings;

    private record Settings(int sample, Optional<Duration> within, int batchSize, Optimizer optimizer) {}

    private DataCheck(Model<I, L, ?> model, Map<String, Dataset<Example<I, L>>> data, Settings settings) {
        this.model = model;
        this.data = data;
        this.settings = settings;
    }

    /**
     * A check of a training set.
     *
     * @param model the model that is to be trained
     * @param train what on
     * @param <I> input
     * @param <L> label
     * @return the check, of 1,000 rows and as long as it takes
     */
    public static <I, L> DataCheck<I, L> of(Model<I, L, ?> model, Dataset<Example<I, L>> train) {
        return new DataCheck<>(
                Objects.requireNonNull(model, "model"),
                Map.of("train", Objects.requireNonNull(train, "train")),
                new Settings(1000, Optional.empty(), 8, AdamW.defaults()));
    }

    /**
     * Looks at an evaluation set as well.
     *
     * @param data what is evaluated
     * @return a new check
     */
    public DataCheck<I, L> eval(Dataset<Example<I, L>> data) {
        return eval("eval", data);
    }

    /**
     * Looks at one more evaluation set.
     *
     * @param name what the report calls it
     * @param data what is evaluated
     * @return a new check
     * @throws IllegalArgumentException if another data set has this name
     */
    public DataCheck<I, L> eval(String name, Dataset<Example<I, L>> data) {
        Map<String, Dataset<Example<I, L>>> more = new LinkedHashMap<>(this.data);
        if (more.put(name, Objects.requireNonNull(data, "data")) != null) {
            throw new IllegalArgumentException("DataCheck: there are two data sets named '" + name + "'");
        }
        return new DataCheck<>(model, more, settings);
    }

    /**
     * How many rows of each data set are tokenized.
     *
     * @param rows 1 or more; 1,000 unless set
     * @return a new check
     * @throws IllegalArgumentException if it is below 1
     */
    public DataCheck<I, L> sample(int rows) {
        return with(new Settings(atLeastOne("sample", rows), settings.within, settings.batchSize, settings.optimizer));
    }

    /**
     * After what time it stops reading, wherever it is. The training set may take half of it.
     *
     * @param time about how long it may take; no limit unless set
     * @return a new check
     */
    public DataCheck<I, L> within(Duration time) {
        return with(new Settings(settings.sample, Optional.of(time), settings.batchSize, settings.optimizer));
    }

    /**
     * How many examples a batch of training has, for the estimate.
     *
     * @param examples 1 or more; 8 unless set
     * @return a new check
     * @throws IllegalArgumentException if it is below 1
     */
    public DataCheck<I, L> batchSize(int examples) {
        return with(
                new Settings(settings.sample, settings.within, atLeastOne("batchSize", examples), settings.optimizer));
    }

    /**
     * What changes the weights, for the estimate.
     *
     * @param optimizer the optimizer; AdamW unless set
     * @return a new check
     */
    public DataCheck<I, L> optimizer(Optimizer optimizer) {
        return with(new Settings(settings.sample, settings.within, settings.batchSize, optimizer));
    }

    /**
     * Reads and reports. An interrupt ends the reading, and stays set.
     *
     * @return what was found
     * @throws io.bertfinetune.error.DataException if a data set that is a stream cannot be read
     */
    public DataReport run() {
        long end = System.nanoTime() + settings.within.map(Duration::toNanos).orElse(Long.MAX_VALUE / 2);
        List<Part<I, L>> parts = new ArrayList<>();
        data.forEach((name, examples) -> {
            Part<I, L> part = new Part<>(
                    name, model.tokenizer(), model.maxLength(), parts.stream().findFirst());
            long left = Math.max(0, end - System.nanoTime());
            long until = System.nanoTime() + (parts.isEmpty() && data.size() > 1 ? left / 2 : left);
            BooleanSupplier stop =
                    () -> System.nanoTime() > until || Thread.currentThread().isInterrupted();
            part.size = examples.size();
            part.complete = new Rows<>(examples, settings.sample, MOST_ROWS).read(stop, part);
            parts.add(part);
        });
        Part<I, L> train = parts.get(0);
        List<Part<I, L>> evals = parts.subList(1, parts.size());
        return new DataReport(
                parts.stream().map(Part::report).toList(),
                estimate(train),
                new Warnings(model.task(), model.maxLength()).of(train, evals));
    }

    private RunEstimate estimate(Part<I, L> train) {
        OptionalLong rows = train.complete ? OptionalLong.of(train.rows) : train.size;
        List<Integer> lengths = train.cutLengths();
        return Estimates.of(
                Estimates.tokens(rows, lengths, settings.batchSize),
                model.parameters(),
                settings.optimizer,
                settings.batchSize,
                lengths.stream().mapToInt(length -> length).max().orElse(0));
    }

    private DataCheck<I, L> with(Settings other) {
        return new DataCheck<>(model, data, other);
    }

    private static int atLeastOne(String word, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("DataCheck: " + word + " is " + value + ", expected 1 or more");
        }
        return value;
    }
}
