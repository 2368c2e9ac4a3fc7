package io.bertfinetune.experiment;

import io.bertfinetune.data.IndexedDataset.Split;
import io.bertfinetune.metric.Metrics;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same training several times over, each time with another seed or another part of the data held out. Does not change.
 *
 * <pre>{@code
 * Runs runs = Repeat.seeds(5).run(seed -> {
 *     try (var model = Bert.fromPretrained(folder).load(task)) {
 *         var trainer = Trainer.builder().model(model).trainDataset(train).evalDataset(dev).seed(seed).build();
 *         trainer.train();
 *         return trainer.evaluate();
 *     }
 * });
 * System.out.println(runs);
 * }</pre>
 *
 * @param <K> what differs from run to run: a {@link Long} seed, or a {@link Split}
 */
public final class Repeat<K> {
    private static final Logger log = LoggerFactory.getLogger(Repeat.class);
    private static final long FIRST_SEED = 42;

    private final Map<String, K> parts;

    private Repeat(Map<String, K> parts) {
        if (parts.size() < 2) {
            throw new IllegalArgumentException("Repeat: " + parts.size() + " runs, expected two or more");
        }
        this.parts = parts;
    }

    /**
     * So many seeds: 42, the Trainer's own, and those after it.
     *
     * @param count 2 or more
     * @return the runs to be made
     * @throws IllegalArgumentException if {@code count} is below 2
     */
    public static Repeat<Long> seeds(int count) {
        return ofSeeds(
                LongStream.range(FIRST_SEED, FIRST_SEED + Math.max(0, count)).toArray());
    }

    /**
     * These seeds.
     *
     * @param seeds two or more different numbers
     * @return the runs to be made
     * @throws IllegalArgumentException if there are fewer than two, or one comes twice
     */
    public static Repeat<Long> ofSeeds(long... seeds) {
        Map<String, Long> parts = new LinkedHashMap<>();
        for (long seed : seeds) {
            if (parts.put("seed " + seed, seed) != null) {
                throw new IllegalArgumentException("Repeat: seed " + seed + " comes twice in " + Arrays.toString(seeds)
                        + "; a run with it again would be the same run");
            }
        }
        return new Repeat<>(parts);
    }

    /**
     * The folds of a data set: cross-validation. Their training parts overlap, so the intervals come out narrower than for
     * independent runs (Bengio and Grandvalet, 2004).
     *
     * @param folds the folds, {@code data.folds(5, 42)} or {@code data.foldsBy(Example::label, 5, 42)} for instance
     * @param <E> element
     * @return the runs to be made
     * @throws IllegalArgumentException if there are fewer than two
     */
    public static <E> Repeat<Split<E>> folds(List<Split<E>> folds) {
        Map<String, Split<E>> parts = new LinkedHashMap<>();
        folds.forEach(fold -> parts.put("fold " + (parts.size() + 1), fold));
        return new Repeat<>(parts);
    }

    /**
     * Makes the runs, one after the other. An exception of one ends them all; what those before came to is in the log.
     *
     * @param training opens a model, trains it with this seed or on this fold, and returns what it came to
     * @return the metrics of every run
     */
    public Runs run(Function<? super K, Metrics> training) {
        Map<String, Metrics> found = new LinkedHashMap<>();
        parts.forEach((name, part) -> {
            Metrics metrics = Objects.requireNonNull(training.apply(part), "metrics");
            found.put(name, metrics);
            log.info("{} ({} of {}): {}", name, found.size(), parts.size(), metrics);
        });
        return new Runs(found);
    }

    /**
     * The runs.
     *
     * @return {@code Repeat[seed 42, seed 43]}
     */
    @Override
    public String toString() {
        return "Repeat" + parts.keySet();
    }
}
