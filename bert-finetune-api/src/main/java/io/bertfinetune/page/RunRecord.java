package io.bertfinetune.page;

import io.bertfinetune.metric.Metrics;
import io.bertfinetune.page.Status.Phase;
import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * What a page shows of a run. The thread that trains writes it; threads that serve ask what is new since they last asked,
 * at a pace of their own, so none of them is ever waited for.
 */
final class RunRecord {
    /** Above twice so many, the logged points are averaged in pairs. */
    static final int POINTS = 2000;

    private final LongSupplier nanos;

    private final List<Entry> points = new ArrayList<>();
    private final List<Entry> evaluations = new ArrayList<>();
    private final Map<String, Judgement> judgements = new LinkedHashMap<>();
    private Phase phase = Phase.WAITING;
    private TrainerState state = TrainerState.builder().build();
    private long evaluatedBatches;
    private Map<String, Double> summary = Map.of();

    private long begin;
    private long end;
    private long stepsBefore;
    private long examplesBefore;
    private long tokensBefore;
    private long loggedAt;
    private long examplesLogged;
    private long tokensLogged;

    private long version;
    private int generation;
    private int judged;

    /**
     * What a reader has been given.
     *
     * @param version the last change it knows of
     * @param generation how often points were begun anew or averaged
     * @param points how many of them
     * @param evaluations how many of them
     * @param judged how many judgements there had been
     */
    record Seen(long version, int generation, int points, int evaluations, int judged) {
        static final Seen NOTHING = new Seen(-1, -1, 0, 0, -1);
    }

    /**
     * What is new.
     *
     * @param status where the run stands
     * @param pointsFrom how many points the reader keeps before these
     * @param points the points of training after them
     * @param evaluationsFrom how many evaluations the reader keeps before these
     * @param evaluations the evaluations after them
     * @param judgements all of them, if any is new
     * @param seen what the reader then has
     */
    record News(
            Status status,
            int pointsFrom,
            List<Entry> points,
            int evaluationsFrom,
            List<Entry> evaluations,
            Optional<List<Judgement>> judgements,
            Seen seen) {}

    RunRecord(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Begins anew, with what a run that is resumed has logged before. */
    synchronized void begin(TrainerState at) {
        points.clear();
        evaluations.clear();
        judgements.clear();
        summary = Map.of();
        generation++;
        judged++;
        for (Metrics entry : at.logHistory()) {
            log(entry);
        }
        begin = nanos.getAsLong();
        stepsBefore = at.globalStep();
        examplesBefore = at.examplesSeen();
        tokensBefore = at.numInputTokensSeen();
        loggedAt = begin;
        examplesLogged = examplesBefore;
        tokensLogged = tokensBefore;
        change(at, Phase.TRAINING);
    }

    synchronized void step(TrainerState at) {
        change(at, Phase.TRAINING);
    }

    /** Another batch of an evaluation is done. */
    synchronized void batch(TrainerState at) {
        long batches = evaluatedBatches + 1;
        change(at, isTraining() ? Phase.EVALUATING : phase);
        evaluatedBatches = batches;
    }

    /** Numbers of training, or of the whole run. */
    synchronized void logged(TrainerState at, Metrics logs) {
        if (logs.has("loss")) {
            long now = nanos.getAsLong();
            double seconds = Math.max(1, now - loggedAt) / 1e9;
            Metrics paced = logs.with("samples_per_second", (at.examplesSeen() - examplesLogged) / seconds);
            long tokens = at.numInputTokensSeen() - tokensLogged;
            log(tokens > 0 ? paced.with("tokens_per_second", tokens / seconds) : paced);
            loggedAt = now;
            examplesLogged = at.examplesSeen();
            tokensLogged = at.numInputTokensSeen();
        } else {
            log(logs);
        }
        change(at, phase);
    }

    /** An evaluation is over. Its numbers belong to the curve only while the run goes on: afterwards it may be any data. */
    synchronized void evaluated(TrainerState at, Metrics metrics, Judging judging) {
        String set = prefix(metrics);
        if (isTraining()) {
            log(metrics.with("step", (double) at.globalStep()));
        }
        if (!judging.isEmpty()) {
            judgements.put(set, judging.judgement(set, at.globalStep()));
            judged++;
        }
        change(at, phase == Phase.EVALUATING ? Phase.TRAINING : phase);
    }

    synchronized void end(TrainerState at, Phase how) {
        end = nanos.getAsLong();
        change(at, how);
    }

    synchronized TrainerState state() {
        return state;
    }

    synchronized boolean isTraining() {
        return phase == Phase.TRAINING || phase == Phase.EVALUATING;
    }

    synchronized boolean isOver() {
        return phase == Phase.FINISHED || phase == Phase.BROKEN_OFF;
    }

    synchronized boolean hasNews(Seen seen) {
        return version != seen.version();
    }

    synchronized News since(Seen seen) {
        boolean sameRow = seen.generation() == generation;
        int fromPoint = sameRow ? seen.points() : 0;
        int fromEvaluation = sameRow ? seen.evaluations() : 0;
        return new News(
                status(),
                fromPoint,
                List.copyOf(points.subList(fromPoint, points.size())),
                fromEvaluation,
                List.copyOf(evaluations.subList(fromEvaluation, evaluations.size())),
                seen.judged() == judged ? Optional.empty() : Optional.of(List.copyOf(judgements.values())),
                new Seen(version, generation, points.size(), evaluations.size(), judged));
    }

    private Status status() {
        boolean begun = phase != Phase.WAITING;
        long until = isTraining() ? nanos.getAsLong() : end;
        double seconds = begun ? Math.max(1, until - begin) / 1e9 : 0;
        long steps = state.globalStep() - stepsBefore;
        boolean paced = begun && steps > 0;
        long tokens = state.numInputTokensSeen() - tokensBefore;
        return new Status(
                phase,
                state,
                evaluatedBatches,
                seconds,
                paced && isTraining()
                        ? OptionalDouble.of(seconds / steps * (state.maxSteps() - state.globalStep()))
                        : OptionalDouble.empty(),
                paced ? OptionalDouble.of((state.examplesSeen() - examplesBefore) / seconds) : OptionalDouble.empty(),
                paced && tokens > 0 ? OptionalDouble.of(tokens / seconds) : OptionalDouble.empty(),
                summary);
    }

    private void change(TrainerState at, Phase to) {
        state = at;
        phase = to;
        evaluatedBatches = 0;
        version++;
    }

    /** Puts an entry of the log where it belongs. */
    private void log(Metrics logs) {
        if (logs.has("loss")) {
            points.add(entry(logs, ""));
            if (points.size() > 2 * POINTS) {
                averagePairs();
            }
        } else if (logs.has("train_loss")) {
            summary = entry(logs, "train_").numbers();
        } else if (logs.values().keySet().stream().anyMatch(name -> name.startsWith("eval_"))) {
            evaluations.add(entry(logs, "eval_"));
        }
    }

    private void averagePairs() {
        List<Entry> all = List.copyOf(points);
        points.clear();
        for (int i = 0; i + 1 < all.size(); i += 2) {
            points.add(all.get(i).and(all.get(i + 1)));
        }
        if (all.size() % 2 == 1) {
            points.add(all.get(all.size() - 1));
        }
        generation++;
    }

    /** The numbers without what is in front of their names, and without where they stand. */
    private static Entry entry(Metrics logs, String prefix) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        logs.values().forEach((name, number) -> {
            boolean isPlace = name.equals("step") || name.equals("epoch");
            boolean isSpeed = prefix.equals("eval_") && (name.endsWith("_runtime") || name.endsWith("_per_second"));
            if (!isPlace && !isSpeed) {
                numbers.put(name.startsWith(prefix) ? name.substring(prefix.length()) : name, number);
            }
        });
        return new Entry(
                (long) (double) logs.values().getOrDefault("step", 0.0),
                logs.values().getOrDefault("epoch", 0.0),
                numbers);
    }

    /** {@code eval} of {@code eval_runtime}, {@code eval_dev} of {@code eval_dev_runtime}: every evaluation has it. */
    private static String prefix(Metrics metrics) {
        return metrics.values().keySet().stream()
                .filter(name -> name.endsWith("_runtime"))
                .map(name -> name.substring(0, name.length() - "_runtime".length()))
                .findFirst()
                .orElse("eval");
    }
}
