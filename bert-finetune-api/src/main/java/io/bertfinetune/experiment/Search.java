package io.bertfinetune.experiment;

import com.google.common.base.Throwables;
import io.bertfinetune.TrainingArguments;
import io.bertfinetune.error.TerminatedException;
import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.SaveStrategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the settings that do best: takes the place of Hugging Face's {@code hyperparameter_search}. Does not change:
 * each word gives a new search.
 *
 * <pre>{@code
 * SearchResult found = Search.maximize("eval_accuracy").over(space).trials(20).seed(7).run(trial -> {
 *     try (var model = Bert.fromPretrained(folder).load(task)) {
 *         var trainer = Trainer.builder().model(model).trainDataset(train).evalDataset(dev).args(trial.arguments()).build();
 *         trainer.train();
 *         return trainer.evaluate();
 *     }
 * });
 * TrainingArguments best = found.best().trial().arguments();
 * }</pre>
 *
 * <p>The values of a trial depend on the seed, its number and the name of each setting, and on nothing else: more trials,
 * or one more setting, leave those there were as they are. What a search goes by is always said; Hugging Face adds up all
 * metrics there are, whatever they mean, if it is not told.
 *
 * <p>The best of many trials looks better than it is, because it was chosen by the same numbers: measure it on data the
 * search has not seen.
 */
public final class Search {
    private static final Logger log = LoggerFactory.getLogger(Search.class);

    private final Objective objective;
    private final SearchSpace space;
    private final int trials;
    private final long seed;
    private final Optional<Halving> halving;

    /** What a search goes by. */
    private record Objective(String metric, boolean greaterIsBetter) {
        Comparator<TrialResult> bestFirst() {
            Comparator<TrialResult> byObjective = Comparator.comparingDouble(
                    result -> (greaterIsBetter ? -1 : 1) * result.objective().orElse(0)); // what failed is sorted apart
            return byObjective.thenComparing(result -> result.trial().number());
        }
    }

    private Search(Objective objective, SearchSpace space, int trials, long seed, Optional<Halving> halving) {
        this.objective = objective;
        this.space = space;
        this.trials = trials;
        this.seed = seed;
        this.halving = halving;
    }

    /**
     * A search for the most of a metric.
     *
     * @param metric its name among what a trial returns, {@code eval_accuracy} for instance
     * @return the first word
     */
    public static Start maximize(String metric) {
        return new Start(new Objective(metric, true));
    }

    /**
     * A search for the least of a metric.
     *
     * @param metric its name among what a trial returns, {@code eval_loss} for instance
     * @return the first word
     */
    public static Start minimize(String metric) {
        return new Start(new Objective(metric, false));
    }

    /**
     * A search by a metric that knows itself whether more is better.
     *
     * @param metric the metric, {@code F1.macro()} for instance; trials return it with {@code eval_} in front of its name
     * @return the first word
     */
    public static Start by(Metric<?, ?> metric) {
        return new Start(new Objective("eval_" + metric.name(), metric.greaterIsBetter()));
    }

    /** The first word of a search. */
    public static final class Start {
        private final Objective objective;

        private Start(Objective objective) {
            this.objective = objective;
        }

        /**
         * What to try.
         *
         * @param space the settings, and the arguments they go into
         * @return a search of 20 random trials
         */
        public Search over(SearchSpace space) {
            return new Search(objective, Objects.requireNonNull(space, "space"), 20, 42, Optional.empty());
        }
    }

    /**
     * How many trials there are; under {@link #halving} in its first round.
     *
     * @param trials 1 or more; 20 unless set
     * @return a new search
     * @throws IllegalArgumentException if it is below 1
     */
    public Search trials(int trials) {
        if (trials < 1) {
            throw new IllegalArgumentException("Search: trials is " + trials + ", expected 1 or more");
        }
        return new Search(objective, space, trials, seed, halving);
    }

    /**
     * Decides which values are drawn. The seed of training is an argument like others.
     *
     * @param seed any number; 42 unless set
     * @return a new search
     */
    public Search seed(long seed) {
        return new Search(objective, space, trials, seed, halving);
    }

    /**
     * Trains all trials a little and the best of them longer, in place of all of them to the end.
     *
     * @param rounds how long each round is
     * @return a new search
     */
    public Search halving(Halving rounds) {
        return new Search(objective, space, trials, seed, Optional.of(rounds));
    }

    /**
     * Makes the trials, one after the other. A trial that ends with an exception, a
     * {@link io.bertfinetune.error.NonFiniteLossException} for instance, or whose objective is not a number, has failed and
     * is told as such; the others go on. An interrupt ends the search, and so does a
     * {@link TerminatedException}.
     *
     * @param training opens a model, trains it with {@link Trial#arguments}, and returns what it came to
     * @return every trial, the best first
     * @throws IllegalArgumentException if a trial returns metrics without the objective, or the space contradicts the
     *     arguments or the halving
     */
    public SearchResult run(Function<Trial, Metrics> training) {
        List<OptionalDouble> rounds = halving.map(
                        h -> h.budgets().stream().map(OptionalDouble::of).toList())
                .orElse(List.of(OptionalDouble.empty()));
        List<Integer> running = IntStream.range(0, trials).boxed().toList();
        running.forEach(number -> trial(number, rounds.get(0))); // what contradicts is to be known now
        List<TrialResult> ended = new ArrayList<>();
        for (int round = 0; round < rounds.size(); round++) {
            List<TrialResult> results = round(running, rounds.get(round), training);
            int good = (int) results.stream().filter(r -> r.failure().isEmpty()).count();
            boolean last = round == rounds.size() - 1;
            int survivors =
                    last || good == 0 ? 0 : Math.min(good, halving.orElseThrow().survivors(running.size()));
            running = results.stream()
                    .limit(survivors)
                    .map(r -> r.trial().number())
                    .toList();
            ended.addAll(0, results.subList(survivors, results.size()));
            if (running.isEmpty()) {
                break;
            }
        }
        return new SearchResult(objective.metric(), failedLast(ended));
    }

    /** The results of a round, the best first and those that failed last. */
    private List<TrialResult> round(List<Integer> numbers, OptionalDouble budget, Function<Trial, Metrics> training) {
        List<TrialResult> results = new ArrayList<>();
        for (int number : numbers) {
            TrialResult result = result(trial(number, budget), training);
            results.add(result);
            String position = results.size() + " of " + numbers.size();
            if (result.failure().isPresent()) {
                log.warn(
                        "{}, {}: failed: {}",
                        result.trial(),
                        position,
                        result.failure().get());
            } else {
                log.info("{}, {}: {}", result.trial(), position, result.metrics());
            }
        }
        results.sort(objective.bestFirst());
        return failedLast(results);
    }

    private TrialResult result(Trial trial, Function<Trial, Metrics> training) {
        Metrics metrics;
        try {
            metrics = Objects.requireNonNull(training.apply(trial), "metrics");
        } catch (RuntimeException e) { // whatever befell this trial, the others are not to be lost
            if (Thread.currentThread().isInterrupted() || isTerminated(e)) {
                throw e;
            }
            return failed(trial, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
        double value = metrics.get(objective.metric());
        return Double.isNaN(value)
                ? failed(trial, objective.metric() + " is NaN")
                : new TrialResult(trial, OptionalDouble.of(value), metrics, Optional.empty());
    }

    private static boolean isTerminated(RuntimeException e) {
        return Throwables.getCausalChain(e).stream().anyMatch(TerminatedException.class::isInstance);
    }

    private static TrialResult failed(Trial trial, String why) {
        return new TrialResult(trial, OptionalDouble.empty(), Metrics.of(Map.of()), Optional.of(why));
    }

    private static List<TrialResult> failedLast(List<TrialResult> results) {
        List<TrialResult> sorted = new ArrayList<>(results);
        sorted.sort(Comparator.comparing(result -> result.failure().isPresent())); // keeps the order of the others
        return sorted;
    }

    private Trial trial(int number, OptionalDouble budget) {
        TrainingArguments base = space.base();
        TrainingArguments.Builder args = base.toBuilder();
        var drawn = space.draw(seed, number, args);
        if (base.saveStrategy() != SaveStrategy.NO || base.loadBestModelAtEnd() || base.enableJitCheckpoint()) {
            args.outputDir(base.outputDir().resolve("trial-" + number)).saveStrategy(base.saveStrategy());
        }
        if (budget.isEmpty()) {
            return new Trial(number, args.build(), drawn, Map.of());
        }
        Halving rounds = halving.orElseThrow();
        rounds.requireFree(base, args.build());
        Number length = rounds.apply(budget.getAsDouble(), args);
        return new Trial(number, args.build(), drawn, Map.of(rounds.argument(), length));
    }
}
