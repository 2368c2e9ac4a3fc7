package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows how a run gets on in Micrometer, from where Prometheus, Datadog and others take it.
 *
 * <pre>{@code
 * trainer.callbacks(MicrometerCallback.of(registry).tags("model", "mails"));
 * }</pre>
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code bertfinetune.train.steps}</td><td>counter</td><td>optimizer steps</td></tr>
 * <tr><td>{@code bertfinetune.train.examples}</td><td>counter</td><td>examples trained on, each as often as it
 * came</td></tr>
 * <tr><td>{@code bertfinetune.train.loss}, {@code .grad.norm}, {@code .learning.rate}, {@code .epoch}</td><td>gauge</td>
 * <td>the last logged</td></tr>
 * <tr><td>{@code bertfinetune.eval.loss}, {@code .accuracy} …</td><td>gauge</td><td>those of the last evaluation, of a
 * data set with a name {@code bertfinetune.eval.<name>.loss} …</td></tr>
 * <tr><td>{@code bertfinetune.run.loss}, {@code .runtime}, {@code .samples.per.second}, {@code .steps.per.second}</td>
 * <td>gauge</td><td>those of the last whole run, which it logs as {@code train_loss} …</td></tr>
 * </table>
 *
 * <p>Gauges stay after a run, with its last numbers, until the next run with the same tags takes their place: runs that go
 * on at the same time in one registry need {@link #tags} of their own.
 *
 * <p>Needs {@code io.micrometer:micrometer-core} on the class path, which this library does not bring; a module also says
 * {@code requires micrometer.core}. No other class of this library touches Micrometer.
 */
public final class MicrometerCallback implements TrainerCallback {
    private final MeterRegistry registry;
    private final Tags tags;

    /** The last logged number of each gauge; read by whoever collects them, on threads of their own. */
    private final Map<String, Double> numbers = new ConcurrentHashMap<>();

    /** The gauges this run has registered. */
    private final Set<String> gauges = new HashSet<>();

    private long countedSteps;
    private long countedExamples;

    private MicrometerCallback(MeterRegistry registry, Tags tags) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.tags = tags;
    }

    /**
     * Shows runs in this registry.
     *
     * @param registry where meters are registered; it stays yours to close
     * @return the callback
     */
    @SuppressWarnings("exports") // who has a registry has its module
    public static MicrometerCallback of(MeterRegistry registry) {
        return new MicrometerCallback(registry, Tags.empty());
    }

    /**
     * The same, with these tags on each meter; none unless said.
     *
     * @param keysAndValues a key, its value, the next key …
     * @return a new callback
     * @throws IllegalArgumentException if a key has no value
     */
    public MicrometerCallback tags(String... keysAndValues) {
        return new MicrometerCallback(registry, tags.and(keysAndValues));
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        gauges.clear();
        countedSteps = state.globalStep();
        countedExamples = state.examplesSeen();
    }

    @Override
    public void onStepEnd(TrainerState state, TrainerControl control) {
        count("bertfinetune.train.steps", state.globalStep() - countedSteps);
        count("bertfinetune.train.examples", state.examplesSeen() - countedExamples);
        countedSteps = state.globalStep();
        countedExamples = state.examplesSeen();
    }

    @Override
    public void onLog(TrainerState state, TrainerControl control, Metrics logs) {
        logs.values().forEach((name, number) -> {
            if (!name.equals("step")) { // counted
                show(meter(name), number);
            }
        });
    }

    private void count(String name, long more) {
        registry.counter(name, tags).increment((double) more);
    }

    private void show(String name, double number) {
        numbers.put(name, number);
        if (gauges.add(name)) {
            // registering a gauge that is there already would leave it with the numbers of another callback
            registry.removeByPreFilterId(new Meter.Id(name, tags, null, null, Meter.Type.GAUGE));
            Gauge.builder(name, numbers, last -> last.getOrDefault(name, Double.NaN))
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }
    }

    /** {@code eval_f1} is {@code bertfinetune.eval.f1}, {@code grad_norm} is {@code bertfinetune.train.grad.norm}. */
    private static String meter(String name) {
        return "bertfinetune." + grouped(name).replace('_', '.');
    }

    private static String grouped(String name) {
        if (name.startsWith("eval_")) {
            return name;
        }
        return name.startsWith("train_") ? "run_" + name.substring("train_".length()) : "train_" + name;
    }
}
