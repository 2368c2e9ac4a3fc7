package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Ends a run when evaluations stop getting better; Hugging Face's {@code EarlyStoppingCallback}.
 *
 * <p>An evaluation counts as better if it exceeds, by more than the threshold, the last value that counted as better.
 * (Hugging Face compares with the best value so far, which moves with every small gain: there a model that gets better
 * slowly but steadily is stopped.)
 */
public final class EarlyStopping implements TrainerCallback {
    private final int patience;
    private final double threshold;
    private final Optional<String> metric;

    private OptionalDouble reference = OptionalDouble.empty();
    private int notBetter;

    private EarlyStopping(int patience, double threshold, Optional<String> metric) {
        this.patience = patience;
        this.threshold = threshold;
        this.metric = metric;
    }

    /**
     * Ends the run after so many evaluations in a row that were not better, judged by
     * {@link TrainerState#metricForBestModel()}.
     *
     * @param evaluations 1 or more
     * @return the callback
     */
    public static EarlyStopping patience(int evaluations) {
        if (evaluations < 1) {
            throw new IllegalArgumentException(
                    "EarlyStopping: patience is " + evaluations + ", expected 1 evaluation or more");
        }
        return new EarlyStopping(evaluations, 0, Optional.empty());
    }

    /**
     * The same, but gains up to this size do not count; 0 unless said.
     *
     * @param gain 0 or more, in the unit of the metric
     * @return a new callback
     */
    public EarlyStopping threshold(double gain) {
        if (!(gain >= 0) || Double.isInfinite(gain)) {
            throw new IllegalArgumentException("EarlyStopping: threshold is " + gain + ", expected 0 or more");
        }
        return new EarlyStopping(patience, gain, metric);
    }

    /**
     * The same, judged by this metric; whether more or less of it is better, the metric knows.
     *
     * @param name a metric of the run, or {@code loss}; {@code eval_} in front is optional
     * @return a new callback; building a trainer with it fails if the run has no such metric
     */
    public EarlyStopping metric(String name) {
        return new EarlyStopping(
                patience, threshold, Optional.of(name.startsWith("eval_") ? name.substring("eval_".length()) : name));
    }

    @Override
    public void onInitEnd(TrainerState state, TrainerControl control) {
        metric.ifPresent(state::greaterIsBetter);
    }

    @Override
    public void onTrainBegin(TrainerState state, TrainerControl control) {
        reference = OptionalDouble.empty();
        notBetter = 0;
    }

    /** Its patience survives a resume. (Hugging Face: only with {@code restore_callback_states_from_checkpoint}.) */
    @Override
    public Map<String, String> saveState() {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("not_better", Integer.toString(notBetter));
        reference.ifPresent(value -> state.put("reference", Double.toString(value)));
        return state;
    }

    @Override
    public void restoreState(Map<String, String> saved) {
        notBetter = Integer.parseInt(saved.getOrDefault("not_better", "0"));
        reference = saved.containsKey("reference")
                ? OptionalDouble.of(Double.parseDouble(saved.get("reference")))
                : OptionalDouble.empty();
    }

    @Override
    public void onEvaluate(TrainerState state, TrainerControl control, Metrics metrics) {
        String name = metric.orElse(state.metricForBestModel());
        if (!metrics.has("eval_" + name)) {
            return; // an evaluation of another data set
        }
        double value = metrics.get("eval_" + name);
        if (isBetter(value, state.greaterIsBetter(name))) {
            reference = OptionalDouble.of(value);
            notBetter = 0;
        } else if (++notBetter >= patience) {
            control.stopTraining();
        }
    }

    private boolean isBetter(double value, boolean greaterIsBetter) {
        if (reference.isEmpty()) {
            return !Double.isNaN(value);
        }
        double gain = value - reference.getAsDouble();
        return (greaterIsBetter ? gain : -gain) > threshold;
    }
}
