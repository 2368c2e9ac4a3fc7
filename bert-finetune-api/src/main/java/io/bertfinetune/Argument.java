package io.bertfinetune;

import com.google.common.base.CaseFormat;
import io.bertfinetune.data.Sampler;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One training argument: its name, its default, the values it takes and its form in JSON. The table below is the list of
 * all of them, in Hugging Face's order and with its defaults; {@link ArgumentsBuilder} has the method that sets each,
 * {@link TrainingArguments} the one that reads it.
 */
final class Argument<T> {
    private static final List<Argument<?>> TABLE = new ArrayList<>();

    static final Argument<Path> OUTPUT_DIR = any("outputDir", Path.of("trainer_output"), ArgumentFormat.PATH);
    static final Argument<Integer> PER_DEVICE_TRAIN_BATCH_SIZE = count("perDeviceTrainBatchSize", 8);
    static final Argument<Double> NUM_TRAIN_EPOCHS =
            number("numTrainEpochs", 3, epochs -> epochs > 0, "a number above 0");
    static final Argument<Long> MAX_STEPS =
            whole("maxSteps", -1, steps -> steps == -1 || steps > 0, "1 or more, or -1 to go by epochs");
    static final Argument<Double> LEARNING_RATE = number("learningRate", 5e-5, rate -> rate > 0, "a number above 0");
    static final Argument<LearningRateSchedule> LR_SCHEDULER_TYPE =
            any("lrSchedulerType", LearningRateSchedule.linear(), ArgumentFormat.SCHEDULE);
    static final Argument<Steps> WARMUP_STEPS = any("warmupSteps", Steps.of(0), ArgumentFormat.STEPS);
    static final Argument<Optimizer> OPTIM = any("optim", AdamW.defaults(), ArgumentFormat.OPTIMIZER);
    static final Argument<Double> WEIGHT_DECAY = notNegative("weightDecay", 0);
    static final Argument<Double> ADAM_BETA1 = number("adamBeta1", 0.9, rate -> rate >= 0 && rate < 1, "0 to below 1");
    static final Argument<Double> ADAM_BETA2 =
            number("adamBeta2", 0.999, rate -> rate >= 0 && rate < 1, "0 to below 1");
    static final Argument<Double> ADAM_EPSILON = number("adamEpsilon", 1e-8, e -> e > 0, "a number above 0");
    static final Argument<Integer> GRADIENT_ACCUMULATION_STEPS = count("gradientAccumulationSteps", 1);
    static final Argument<Double> MAX_GRAD_NORM = notNegative("maxGradNorm", 1);
    static final Argument<Double> LABEL_SMOOTHING_FACTOR =
            number("labelSmoothingFactor", 0, factor -> factor >= 0 && factor < 1, "0 to below 1");
    static final Argument<ParameterGroups> PARAMETER_GROUPS =
            any("parameterGroups", ParameterGroups.standard(), ArgumentFormat.PARAMETER_GROUPS);
    static final Argument<Boolean> BF16 = flag("bf16");
    static final Argument<Boolean> FP16 = flag("fp16");
    static final Argument<Boolean> BF16_FULL_EVAL = flag("bf16FullEval");
    static final Argument<Boolean> TF32 = flag("tf32");
    static final Argument<Boolean> AUTO_FIND_BATCH_SIZE = flag("autoFindBatchSize");
    static final Argument<IntervalStrategy> LOGGING_STRATEGY =
            any("loggingStrategy", IntervalStrategy.STEPS, ArgumentFormat.INTERVAL);
    static final Argument<Steps> LOGGING_STEPS = interval("loggingSteps", Steps.ratio(0.05));
    static final Argument<Boolean> LOGGING_FIRST_STEP = flag("loggingFirstStep");
    static final Argument<InputTokens> INCLUDE_NUM_INPUT_TOKENS_SEEN =
            any("includeNumInputTokensSeen", InputTokens.NO, ArgumentFormat.INPUT_TOKENS);
    static final Argument<String> RUN_NAME = any("runName", "", ArgumentFormat.TEXT);
    static final Argument<IntervalStrategy> EVAL_STRATEGY =
            any("evalStrategy", IntervalStrategy.NO, ArgumentFormat.INTERVAL);
    static final Argument<Steps> EVAL_STEPS = interval("evalSteps", LOGGING_STEPS.initial);
    static final Argument<Double> EVAL_DELAY = notNegative("evalDelay", 0);
    static final Argument<Integer> PER_DEVICE_EVAL_BATCH_SIZE = count("perDeviceEvalBatchSize", 8);
    static final Argument<Boolean> PREDICTION_LOSS_ONLY = flag("predictionLossOnly");
    static final Argument<Boolean> EVAL_ON_START = flag("evalOnStart");

    /** Unless said, {@code STEPS} where there is an {@code outputDir}; {@link TrainingArguments#saveStrategy()} knows. */
    static final Argument<SaveStrategy> SAVE_STRATEGY = any("saveStrategy", SaveStrategy.NO, ArgumentFormat.SAVING);

    static final Argument<Steps> SAVE_STEPS = interval("saveSteps", Steps.of(500));
    static final Argument<Integer> SAVE_TOTAL_LIMIT = new Argument<>(
            "saveTotalLimit", 2, limit -> limit >= 0, "1 or more, or 0 to keep all", ArgumentFormat.INTEGER);
    static final Argument<Boolean> SAVE_ONLY_MODEL = flag("saveOnlyModel");
    static final Argument<Boolean> ENABLE_JIT_CHECKPOINT = flag("enableJitCheckpoint");
    static final Argument<Boolean> LOAD_BEST_MODEL_AT_END = flag("loadBestModelAtEnd");
    static final Argument<String> METRIC_FOR_BEST_MODEL = any("metricForBestModel", "", ArgumentFormat.METRIC);
    static final Argument<Boolean> DATA_CHECK = any("dataCheck", true, ArgumentFormat.NO_FIELD);
    static final Argument<Long> SEED = whole("seed", 42, seed -> true, "a whole number");
    static final Argument<OptionalLong> DATA_SEED = any("dataSeed", OptionalLong.empty(), ArgumentFormat.OPTIONAL_LONG);
    static final Argument<Boolean> DATALOADER_DROP_LAST = flag("dataloaderDropLast");
    static final Argument<Integer> DATALOADER_PREFETCH_FACTOR = new Argument<>(
            "dataloaderPrefetchFactor", 2, batches -> batches >= 0, "0 batches or more", ArgumentFormat.INTEGER);
    static final Argument<Sampler> TRAIN_SAMPLING_STRATEGY =
            any("trainSamplingStrategy", Sampler.random(), ArgumentFormat.SAMPLER);
    static final Argument<Set<DebugOption>> DEBUG = any("debug", Set.of(), ArgumentFormat.DEBUG);
    static final Argument<Boolean> SKIP_MEMORY_METRICS = any("skipMemoryMetrics", true, ArgumentFormat.FLAG);

    private final String name;
    private final T initial;
    private final Predicate<T> allowed;
    private final String expected;
    private final ArgumentFormat<T> format;

    private Argument(String name, T initial, Predicate<T> allowed, String expected, ArgumentFormat<T> format) {
        this.name = name;
        this.initial = initial;
        this.allowed = allowed;
        this.expected = expected;
        this.format = format;
        TABLE.add(this);
    }

    static List<Argument<?>> all() {
        return List.copyOf(TABLE);
    }

    /** The builder's method, {@code learningRate}. */
    String name() {
        return name;
    }

    /** Hugging Face's field, {@code learning_rate}. */
    String field() {
        return CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name);
    }

    T initial() {
        return initial;
    }

    ArgumentFormat<T> format() {
        return format;
    }

    T check(T value) {
        if (!allowed.test(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + expected);
        }
        return value;
    }

    /** Its value among these, its default if it is not there. */
    @SuppressWarnings("unchecked") // only values of the argument's own type are put under it
    T in(Map<Argument<?>, Object> values) {
        return (T) values.getOrDefault(this, initial);
    }

    @Override
    public String toString() {
        return name;
    }

    private static <T> Argument<T> any(String name, T initial, ArgumentFormat<T> format) {
        return new Argument<>(name, initial, value -> true, "", format);
    }

    private static Argument<Integer> count(String name, int initial) {
        return new Argument<>(name, initial, value -> value >= 1, "1 or more", ArgumentFormat.INTEGER);
    }

    private static Argument<Long> whole(String name, long initial, Predicate<Long> allowed, String expected) {
        return new Argument<>(name, initial, allowed, expected, ArgumentFormat.LONG);
    }

    private static Argument<Double> number(String name, double initial, Predicate<Double> allowed, String expected) {
        return new Argument<>(
                name, initial, v -> Double.isFinite(v) && allowed.test(v), expected, ArgumentFormat.NUMBER);
    }

    private static Argument<Double> notNegative(String name, double initial) {
        return number(name, initial, value -> value >= 0, "0 or more");
    }

    private static Argument<Steps> interval(String name, Steps initial) {
        return new Argument<>(
                name, initial, steps -> steps.value() > 0, "1 step or more, or a share above 0", ArgumentFormat.STEPS);
    }

    private static Argument<Boolean> flag(String name) {
        return any(name, false, ArgumentFormat.FLAG);
    }
}
