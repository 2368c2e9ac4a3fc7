package io.bertfinetune;

import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The metrics of a trainer, no two of which report the same name. */
final class ReportedMetrics<E, P> {
    /** What an evaluation reports by itself. */
    private static final Set<String> RESERVED = Set.of("loss", "runtime", "samples_per_second", "steps_per_second");

    private final List<Metric<? super E, ? super P>> metrics;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Map<String, Integer> names = new HashMap<>();

    /**
     * These metrics.
     *
     * @throws IllegalArgumentException if two report the same name, or one a name of the evaluation itself
     */
    ReportedMetrics(List<? extends Metric<? super E, ? super P>> metrics) {
        this.metrics = List.copyOf(metrics);
        for (int index = 0; index < metrics.size(); index++) {
            Metrics ofNothing = ofNothing(metrics.get(index));
            take(ofNothing, index);
            for (String name : ofNothing.values().keySet()) {
                numbers.put(name, index);
            }
        }
    }

    /** Says in the state what evaluations report; {@code set} is the name of a data set with {@code _}, or empty. */
    TrainerState.Builder describe(TrainerState.Builder state, String set) {
        state.metric(set + "loss", false);
        numbers.forEach(
                (name, index) -> state.metric(set + name, metrics.get(index).greaterIsBetter()));
        return state;
    }

    List<RunningMetric<E, P>> start() {
        List<RunningMetric<E, P>> running = new ArrayList<>();
        metrics.forEach(metric -> running.add(RunningMetric.of(metric)));
        return running;
    }

    /** What all metrics, which {@link #start} began, report together. */
    Metrics together(List<RunningMetric<E, P>> running) {
        Metrics all = Metrics.of(Map.of());
        for (int index = 0; index < running.size(); index++) {
            Metrics reported = running.get(index).result().get();
            take(reported, index);
            all = all.with(reported);
        }
        return all;
    }

    private void take(Metrics reported, int index) {
        reported.values().keySet().forEach(name -> take(name, index));
        reported.details().keySet().forEach(name -> take(name, index));
    }

    private void take(String name, int index) {
        if (RESERVED.contains(name)) {
            throw new IllegalArgumentException("computeMetrics: " + described(index) + " reports '" + name
                    + "', which every evaluation reports itself");
        }
        Integer first = names.putIfAbsent(name, index);
        if (first != null && first != index) {
            throw new IllegalArgumentException("computeMetrics: " + described(first) + " and " + described(index)
                    + " both report '" + name + "'; give one of them another name");
        }
    }

    private String described(int index) {
        Metric<? super E, ? super P> metric = metrics.get(index);
        return "metric " + (index + 1) + " (" + metric.getClass().getSimpleName() + " '" + metric.name() + "')";
    }

    /** What a metric reports for no outcomes; a number of its own name if it cannot say so before there are some. */
    private Metrics ofNothing(Metric<? super E, ? super P> metric) {
        try {
            return RunningMetric.<E, P>of(metric).result().get();
        } catch (RuntimeException e) {
            return Metrics.of(metric.name(), Double.NaN);
        }
    }
}
