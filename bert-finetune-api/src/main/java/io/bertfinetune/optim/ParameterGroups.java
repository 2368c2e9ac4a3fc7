package io.bertfinetune.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which parameters train, how fast, and which decay: PyTorch's {@code requires_grad_} and parameter groups. Does not
 * change.
 *
 * <pre>{@code
 * // the embeddings and the lower six layers stay as they are, the head learns ten times as fast
 * var groups = ParameterGroups.standard()
 *         .freeze(p -> p.isEmbedding() || p.layer().orElse(6) < 6)
 *         .headLearningRate(10);
 * }</pre>
 *
 * <p>A frozen parameter has no gradient and no optimizer state, is not part of the gradient norm, and the backward pass
 * goes no lower than the lowest parameter that trains.
 */
public final class ParameterGroups {
    private static final ParameterGroups STANDARD = new ParameterGroups(List.of());
    private static final Predicate<ParameterInfo> HEAD = ParameterGroups::isHead;
    private static final Predicate<ParameterInfo> EVERY = Objects::nonNull;

    private final List<Rule> rules;

    private ParameterGroups(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * How one parameter is trained.
     *
     * @param trains whether it is trained at all
     * @param learningRateScale what its learning rate is multiplied by, above 0
     * @param decays whether the run's weight decay applies to it
     */
    public record Setting(boolean trains, double learningRateScale, boolean decays) {
        /**
         * Checks the range.
         *
         * @param trains whether it is trained at all
         * @param learningRateScale what its learning rate is multiplied by, above 0
         * @param decays whether the run's weight decay applies to it
         * @throws IllegalArgumentException if the scale is not a number above 0
         */
        public Setting {
            requireScale("learningRateScale", learningRateScale);
        }

        private Setting scaled(double factor) {
            return new Setting(trains, learningRateScale * factor, decays);
        }
    }

    /** Something said about some parameters. */
    private record Rule(Kind kind, Predicate<? super ParameterInfo> which, double number) {
        enum Kind {
            FREEZE,
            SCALE_LEARNING_RATE,
            LAYERWISE_DECAY,
            NO_WEIGHT_DECAY
        }

        Setting change(Setting before, ParameterInfo parameter, int layers) {
            if (!which.test(parameter)) {
                return before;
            }
            return switch (kind) {
                case FREEZE -> new Setting(false, before.learningRateScale(), before.decays());
                case SCALE_LEARNING_RATE -> before.scaled(number);
                case LAYERWISE_DECAY -> before.scaled(Math.pow(number, layers + 1 - depth(parameter, layers)));
                case NO_WEIGHT_DECAY -> new Setting(before.trains(), before.learningRateScale(), false);
            };
        }

        /** Its word in {@link ParameterGroups}. */
        String word() {
            return switch (kind) {
                case FREEZE -> "freeze(…)";
                case SCALE_LEARNING_RATE ->
                    which == HEAD ? "headLearningRate(" + number + ")" : "scaleLearningRate(…, " + number + ")";
                case LAYERWISE_DECAY -> "layerwiseDecay(" + number + ")";
                case NO_WEIGHT_DECAY -> "noWeightDecay(…)";
            };
        }
    }

    /**
     * Everything trains at one learning rate, and everything but biases and LayerNorms decays: Hugging Face's Trainer.
     *
     * @return the groups
     */
    public static ParameterGroups standard() {
        return STANDARD;
    }

    /**
     * The same, and these parameters keep their values.
     *
     * @param which whether to freeze a parameter
     * @return new groups
     */
    public ParameterGroups freeze(Predicate<? super ParameterInfo> which) {
        return with(Rule.Kind.FREEZE, which, 0);
    }

    /**
     * The same, and these parameters learn faster or slower. Where several scales meet they multiply.
     *
     * @param which whether to scale a parameter's learning rate
     * @param scale what to multiply it by, above 0
     * @return new groups
     * @throws IllegalArgumentException if the scale is not a number above 0
     */
    public ParameterGroups scaleLearningRate(Predicate<? super ParameterInfo> which, double scale) {
        requireScale("scaleLearningRate", scale);
        return with(Rule.Kind.SCALE_LEARNING_RATE, which, scale);
    }

    /**
     * The same, and the head learns faster or slower: what is neither embedding nor encoder layer nor pooler.
     *
     * @param scale what to multiply its learning rate by, above 0
     * @return new groups
     * @throws IllegalArgumentException if the scale is not a number above 0
     */
    public ParameterGroups headLearningRate(double scale) {
        requireScale("headLearningRate", scale);
        return with(Rule.Kind.SCALE_LEARNING_RATE, HEAD, scale);
    }

    /**
     * The same, and layers learn the slower the lower they lie (Howard and Ruder, 2018; Clark et al., 2020): pooler and
     * head at the learning rate of the run, the highest layer at {@code factor} times that, the next at
     * {@code factor}² times, and so on down to the embeddings.
     *
     * @param factor what each step down multiplies the learning rate by, above 0, at most 1; 0.8 to 0.95 are usual
     * @return new groups
     * @throws IllegalArgumentException if it is outside that range
     */
    public ParameterGroups layerwiseDecay(double factor) {
        if (!(factor > 0 && factor <= 1)) {
            throw new IllegalArgumentException(
                    "ParameterGroups: layerwiseDecay is " + factor + ", expected above 0 and at most 1");
        }
        return with(Rule.Kind.LAYERWISE_DECAY, EVERY, factor);
    }

    /**
     * The same, and these parameters do not decay, nor do biases and LayerNorms.
     *
     * @param which whether to keep a parameter from decaying
     * @return new groups
     */
    public ParameterGroups noWeightDecay(Predicate<? super ParameterInfo> which) {
        return with(Rule.Kind.NO_WEIGHT_DECAY, which, 0);
    }

    /**
     * What that means for the parameters of a model.
     *
     * @param parameters all of them
     * @return the setting of each, by name, in the same order
     * @throws IllegalArgumentException if a condition holds for none of them, or nothing is left to train
     */
    public Map<String, Setting> of(List<ParameterInfo> parameters) {
        rules.forEach(rule -> requireSome(rule, parameters));
        int layers = 1
                + parameters.stream().mapToInt(p -> p.layer().orElse(-1)).max().orElse(-1);
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (ParameterInfo parameter : parameters) {
            Setting setting = new Setting(true, 1, !parameter.isBiasOrNorm());
            for (Rule rule : rules) {
                setting = rule.change(setting, parameter, layers);
            }
            settings.put(parameter.name(), setting);
        }
        if (settings.values().stream().noneMatch(Setting::trains)) {
            throw new IllegalArgumentException(
                    this + ": all " + parameters.size() + " parameters are frozen, nothing is left to train");
        }
        return Collections.unmodifiableMap(settings);
    }

    private static boolean isHead(ParameterInfo parameter) {
        return !parameter.isEmbedding()
                && parameter.layer().isEmpty()
                && !parameter.name().contains("pooler.");
    }

    /** How far a parameter is from the input: embeddings 0, layer i is i + 1, pooler and head come last. */
    private static int depth(ParameterInfo parameter, int layers) {
        if (parameter.isEmbedding()) {
            return 0;
        }
        return 1 + parameter.layer().orElse(layers);
    }

    private static void requireSome(Rule rule, List<ParameterInfo> parameters) {
        if (parameters.stream().noneMatch(rule.which())) {
            throw new IllegalArgumentException("ParameterGroups: the condition of " + rule.word()
                    + " holds for none of "
                    + parameters.size() + " parameters; their names are like "
                    + parameters.stream().map(ParameterInfo::name).limit(3).toList());
        }
    }

    private static void requireScale(String what, double scale) {
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException(
                    "ParameterGroups: " + what + " is " + scale + ", expected a number above 0");
        }
    }

    private ParameterGroups with(Rule.Kind kind, Predicate<? super ParameterInfo> which, double number) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(kind, Objects.requireNonNull(which, "which"), number));
        return new ParameterGroups(more);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterGroups that && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    /**
     * What was said, in order.
     *
     * @return {@code ParameterGroups[freeze(…), headLearningRate(10.0)]}
     */
    @Override
    public String toString() {
        return rules.stream().map(Rule::word).collect(Collectors.joining(", ", "ParameterGroups[", "]"));
    }
}
