package io.bertfinetune;

import io.bertfinetune.data.Sampler;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.model.Precision;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of a run; Hugging Face's {@code TrainingArguments}. Does not change. {@link ArgumentsBuilder} describes
 * each.
 *
 * <pre>{@code
 * var args = TrainingArguments.fromJson(Files.readString(Path.of("training_args.json")));
 * var trainer = Trainer.builder().model(model).trainDataset(data).args(args).seed(7).build();
 * }</pre>
 */
public final class TrainingArguments {
    private final Map<Argument<?>, Object> values;

    private TrainingArguments(Map<Argument<?>, Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * All arguments at their defaults, to be changed.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * These arguments, to be changed.
     *
     * @return a builder that begins with them
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.startFrom(values);
        return builder;
    }

    /**
     * Reads arguments as {@link #toJson} or Hugging Face's {@code to_json_string} writes them; what is missing or null
     * has its default. A field of Hugging Face's that is no argument here is let pass at Hugging Face's default, and
     * at any value if none could change a number here; {@code use_cpu} with a warning in the log: the device is said when
     * a model is opened.
     *
     * @param json a flat JSON object
     * @return the arguments
     * @throws IllegalArgumentException if it is no JSON object, a field comes twice, is not known or has a value that
     *     does not fit; the message names the field
     */
    public static TrainingArguments fromJson(String json) {
        Builder builder = new Builder();
        builder.sayAll(ArgumentsJson.read(json));
        return builder.build();
    }

    /**
     * The arguments as JSON under Hugging Face's names, which {@code TrainingArguments(**json.load(file))} reads too, but
     * for a {@code dataloader_prefetch_factor} that is not the default: there it needs {@code dataloader_num_workers}.
     *
     * @return a flat JSON object with every argument but {@link #parameterGroups} and {@link #dataCheck}
     * @throws IllegalStateException if a schedule, sampler or optimizer is one of your own, which has no name there, or
     *     the parameter groups are not the standard ones, for which there is no field
     */
    public String toJson() {
        return ArgumentsJson.write(values);
    }

    static TrainingArguments of(ArgumentsBuilder<?> builder) {
        return new TrainingArguments(builder.resolve());
    }

    Map<Argument<?>, Object> values() {
        return values;
    }

    /**
     * Where what a run writes goes.
     *
     * @return the folder
     */
    public Path outputDir() {
        return Argument.OUTPUT_DIR.in(values);
    }

    /**
     * How many examples a micro-batch of training has.
     *
     * @return 1 or more
     */
    public int perDeviceTrainBatchSize() {
        return Argument.PER_DEVICE_TRAIN_BATCH_SIZE.in(values);
    }

    /**
     * How many examples a batch of evaluation has.
     *
     * @return 1 or more
     */
    public int perDeviceEvalBatchSize() {
        return Argument.PER_DEVICE_EVAL_BATCH_SIZE.in(values);
    }

    /**
     * How often training goes through the data.
     *
     * @return above 0
     */
    public double numTrainEpochs() {
        return Argument.NUM_TRAIN_EPOCHS.in(values);
    }

    /**
     * After how many optimizer steps training ends.
     *
     * @return 1 or more, or −1 to go by epochs
     */
    public long maxSteps() {
        return Argument.MAX_STEPS.in(values);
    }

    /**
     * How many micro-batches make one optimizer step.
     *
     * @return 1 or more
     */
    public int gradientAccumulationSteps() {
        return Argument.GRADIENT_ACCUMULATION_STEPS.in(values);
    }

    /**
     * Whether a batch that does not fit into memory is worked on in parts.
     *
     * @return true if so
     */
    public boolean autoFindBatchSize() {
        return Argument.AUTO_FIND_BATCH_SIZE.in(values);
    }

    /**
     * When training logs.
     *
     * @return the strategy
     */
    public IntervalStrategy loggingStrategy() {
        return Argument.LOGGING_STRATEGY.in(values);
    }

    /**
     * Every how many steps training logs under {@link IntervalStrategy#STEPS}.
     *
     * @return above 0
     */
    public Steps loggingSteps() {
        return Argument.LOGGING_STEPS.in(values);
    }

    /**
     * Whether the first step is logged as well.
     *
     * @return true if it is
     */
    public boolean loggingFirstStep() {
        return Argument.LOGGING_FIRST_STEP.in(values);
    }

    /**
     * Which tokens of the training data are counted.
     *
     * @return which
     */
    public InputTokens includeNumInputTokensSeen() {
        return Argument.INCLUDE_NUM_INPUT_TOKENS_SEEN.in(values);
    }

    /**
     * When the evaluation sets are evaluated during training.
     *
     * @return the strategy
     */
    public IntervalStrategy evalStrategy() {
        return Argument.EVAL_STRATEGY.in(values);
    }

    /**
     * Every how many steps they are evaluated under {@link IntervalStrategy#STEPS}.
     *
     * @return above 0; {@link #loggingSteps} if nothing else was said
     */
    public Steps evalSteps() {
        return values.containsKey(Argument.EVAL_STEPS) ? Argument.EVAL_STEPS.in(values) : loggingSteps();
    }

    /**
     * Before when nothing is evaluated.
     *
     * @return 0 or more steps or epochs, as the strategy counts
     */
    public double evalDelay() {
        return Argument.EVAL_DELAY.in(values);
    }

    /**
     * Whether to evaluate once before the first step.
     *
     * @return true if so
     */
    public boolean evalOnStart() {
        return Argument.EVAL_ON_START.in(values);
    }

    /**
     * Whether evaluations report the loss and no metrics.
     *
     * @return true if so
     */
    public boolean predictionLossOnly() {
        return Argument.PREDICTION_LOSS_ONLY.in(values);
    }

    /**
     * When checkpoints are saved.
     *
     * @return the strategy
     */
    public SaveStrategy saveStrategy() {
        return saveStrategy(values);
    }

    static SaveStrategy saveStrategy(Map<Argument<?>, Object> values) {
        if (values.containsKey(Argument.SAVE_STRATEGY)) {
            return Argument.SAVE_STRATEGY.in(values);
        }
        return values.containsKey(Argument.OUTPUT_DIR) ? SaveStrategy.STEPS : SaveStrategy.NO;
    }

    /**
     * Every how many steps a checkpoint is saved under {@link SaveStrategy#STEPS}.
     *
     * @return above 0
     */
    public Steps saveSteps() {
        return Argument.SAVE_STEPS.in(values);
    }

    /**
     * How many checkpoints of a run are kept.
     *
     * @return 1 or more, or 0 if all are kept
     */
    public int saveTotalLimit() {
        return Argument.SAVE_TOTAL_LIMIT.in(values);
    }

    /**
     * Whether checkpoints hold the model without the optimizer's state.
     *
     * @return true if so
     */
    public boolean saveOnlyModel() {
        return Argument.SAVE_ONLY_MODEL.in(values);
    }

    /**
     * Whether a SIGTERM saves a checkpoint before the JVM ends.
     *
     * @return true if so
     */
    public boolean enableJitCheckpoint() {
        return Argument.ENABLE_JIT_CHECKPOINT.in(values);
    }

    /**
     * Whether the model has the weights of the best evaluation when training ends.
     *
     * @return true if so
     */
    public boolean loadBestModelAtEnd() {
        return Argument.LOAD_BEST_MODEL_AT_END.in(values);
    }

    /**
     * Which metric says which evaluation is best.
     *
     * @return its name without {@code eval_}; empty for the first that is reported
     */
    public Optional<String> metricForBestModel() {
        return Optional.of(Argument.METRIC_FOR_BEST_MODEL.in(values)).filter(name -> !name.isEmpty());
    }

    /**
     * The highest learning rate.
     *
     * @return above 0
     */
    public double learningRate() {
        return Argument.LEARNING_RATE.in(values);
    }

    /**
     * How the learning rate goes on.
     *
     * @return the schedule
     */
    public LearningRateSchedule lrSchedulerType() {
        return Argument.LR_SCHEDULER_TYPE.in(values);
    }

    /**
     * How long the learning rate rises from 0.
     *
     * @return 0 or more
     */
    public Steps warmupSteps() {
        return Argument.WARMUP_STEPS.in(values);
    }

    /**
     * The rule by which weights change, with what {@code adamBeta1}, {@code adamBeta2} and {@code adamEpsilon} said.
     *
     * @return the optimizer
     */
    public Optimizer optim() {
        return Argument.OPTIM.in(values);
    }

    /**
     * The weight decay of all parameters but biases, LayerNorms and those that {@link #parameterGroups} excepts.
     *
     * @return 0 or more
     */
    public double weightDecay() {
        return Argument.WEIGHT_DECAY.in(values);
    }

    /**
     * The global L2 norm gradients are clipped to.
     *
     * @return above 0, or 0 if they are not clipped
     */
    public double maxGradNorm() {
        return Argument.MAX_GRAD_NORM.in(values);
    }

    /**
     * How much of each label is spread over all labels in training.
     *
     * @return 0 to below 1
     */
    public double labelSmoothingFactor() {
        return Argument.LABEL_SMOOTHING_FACTOR.in(values);
    }

    /**
     * Which parameters train, how fast, and which decay.
     *
     * @return the groups
     */
    public ParameterGroups parameterGroups() {
        return Argument.PARAMETER_GROUPS.in(values);
    }

    /**
     * Whether training computes its matrix products in bfloat16.
     *
     * @return true if so
     */
    public boolean bf16() {
        return Argument.BF16.in(values);
    }

    /**
     * Whether training computes its matrix products in float16.
     *
     * @return true if so
     */
    public boolean fp16() {
        return Argument.FP16.in(values);
    }

    /**
     * Whether evaluations and predictions compute their matrix products in bfloat16.
     *
     * @return true if so
     */
    public boolean bf16FullEval() {
        return Argument.BF16_FULL_EVAL.in(values);
    }

    /**
     * Whether products of 32 bits may read fewer bits in training.
     *
     * @return true if so
     */
    public boolean tf32() {
        return Argument.TF32.in(values);
    }

    /** That of the matrix products of evaluations and predictions. */
    Precision evalPrecision() {
        return bf16FullEval() ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /** That of the matrix products of training. */
    Precision precision() {
        if (bf16()) {
            return Precision.BFLOAT16;
        }
        if (fp16()) {
            return Precision.FLOAT16;
        }
        return tf32() ? Precision.TENSOR_FLOAT32 : Precision.FLOAT32;
    }

    /**
     * In which order an epoch visits the examples.
     *
     * @return the sampler
     */
    public Sampler trainSamplingStrategy() {
        return Argument.TRAIN_SAMPLING_STRATEGY.in(values);
    }

    /**
     * Whether the last batch of an epoch is left out if it is not full.
     *
     * @return true if it is
     */
    public boolean dataloaderDropLast() {
        return Argument.DATALOADER_DROP_LAST.in(values);
    }

    /**
     * How many batches are made ahead.
     *
     * @return 0 or more
     */
    public int dataloaderPrefetchFactor() {
        return Argument.DATALOADER_PREFETCH_FACTOR.in(values);
    }

    /**
     * Whether the data is looked at before the first step.
     *
     * @return true if it is
     */
    public boolean dataCheck() {
        return Argument.DATA_CHECK.in(values);
    }

    /**
     * The seed of dropout, of a fresh head and, unless {@link #dataSeed} says otherwise, of the order of examples.
     *
     * @return the seed
     */
    public long seed() {
        return Argument.SEED.in(values);
    }

    /**
     * The seed of the order of examples.
     *
     * @return the seed; empty for that of {@link #seed}
     */
    public OptionalLong dataSeed() {
        return Argument.DATA_SEED.in(values);
    }

    /**
     * What is looked at more closely.
     *
     * @return the options; empty for nothing
     */
    public Set<DebugOption> debug() {
        return Argument.DEBUG.in(values);
    }

    /**
     * Whether results say nothing of memory.
     *
     * @return false if they do
     */
    public boolean skipMemoryMetrics() {
        return Argument.SKIP_MEMORY_METRICS.in(values);
    }

    /**
     * The name of the run in reports.
     *
     * @return the name, if there is one
     */
    public Optional<String> runName() {
        return Optional.of(Argument.RUN_NAME.in(values)).filter(name -> !name.isEmpty());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrainingArguments that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /**
     * The arguments that are not at their defaults.
     *
     * @return {@code TrainingArguments[learningRate=2.0E-5, seed=7]}
     */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", ", "TrainingArguments[", "]"));
    }

    /** Makes {@link TrainingArguments}; the arguments themselves are in {@link ArgumentsBuilder}. */
    public static final class Builder extends ArgumentsBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Checks that nothing contradicts.
         *
         * @return the arguments
         * @throws IllegalArgumentException if two arguments contradict each other; the message names both
         */
        public TrainingArguments build() {
            return TrainingArguments.of(this);
        }
    }
}
