package io.bertfinetune;

import io.bertfinetune.metric.Metric;
import io.bertfinetune.metric.Metrics;
import io.bertfinetune.training.TrainerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The metrics of a trainer, no two of which report the same name. */
final class ReportedMetrics<E, P> {
    /** What an evaluation reports by itself. */
    private static final Set<String> RESERVED = Set.of("loss", "runtime", "samples_per_second", "steps_per_second");

    private final List<Metric<? super E, ? super P>> metrics;
    private final Map<String, Integer> names = new LinkedHashMap<>();

    /**
     * These metrics.
     *
     * @throws IllegalArgumentException if two report the same name, or one a name of the evaluation itself
     */
    ReportedMetrics(List<? extends Metric<? super E, ? super P>> metrics) {
        this.metrics = List.copyOf(metrics);
        for (int index = 0; index < metrics.size(); index++) {
            for (String name : namesOf(metrics.get(index))) {
                take(name, index);
            }
        }
    }

    /** Says in the state what evaluations report; {@code set} is the name of a data set with {@code _}, or empty. */
    TrainerState.Builder describe(TrainerState.Builder state, String set) {
        state.metric(set + "loss", false);
        names.forEach(
                (name, index) -> state.metric(set + name, metrics.get(index).greaterIsBetter()));
        return state;
    }

    List<RunningMetric<E, P>> start() {
        List<RunningMetric<E, P>> running = new ArrayList<>();
        metrics.forEach(metric -> running.add(RunningMetric.of(metric)));
        return running;
    }

    /** The numbers of all metrics, which {@link #start} began, together. */
    Metrics together(List<RunningMetric<E, P>> running) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (int index = 0; index < running.size(); index++) {
            for (Map.Entry<String, Double> number :
                    running.get(index).result().get().values().entrySet()) {
                take(number.getKey(), index);
                all.put(number.getKey(), number.getValue());
            }
        }
        return Metrics.of(all);
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

    /** The names a metric gives for no outcomes; its own name if it cannot say so before there are some. */
    private Set<String> namesOf(Metric<? super E, ? super P> metric) {
        try {
            return RunningMetric.<E, P>of(metric).result().get().values().keySet();
        } catch (RuntimeException e) {
            return Set.of(metric.name());
        }
    }
}
