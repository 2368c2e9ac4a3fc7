package io.bertfinetune;

import static io.bertfinetune.Argument.ADAM_BETA1;
import static io.bertfinetune.Argument.ADAM_BETA2;
import static io.bertfinetune.Argument.ADAM_EPSILON;
import static io.bertfinetune.Argument.BF16;
import static io.bertfinetune.Argument.ENABLE_JIT_CHECKPOINT;
import static io.bertfinetune.Argument.EVAL_DELAY;
import static io.bertfinetune.Argument.EVAL_STEPS;
import static io.bertfinetune.Argument.EVAL_STRATEGY;
import static io.bertfinetune.Argument.FP16;
import static io.bertfinetune.Argument.LOGGING_STEPS;
import static io.bertfinetune.Argument.LOGGING_STRATEGY;
import static io.bertfinetune.Argument.LR_SCHEDULER_TYPE;
import static io.bertfinetune.Argument.OPTIM;
import static io.bertfinetune.Argument.OUTPUT_DIR;
import static io.bertfinetune.Argument.SAVE_ONLY_MODEL;
import static io.bertfinetune.Argument.SAVE_STEPS;
import static io.bertfinetune.Argument.SAVE_STRATEGY;
import static io.bertfinetune.Argument.WARMUP_STEPS;

import io.bertfinetune.data.Sampler;
import io.bertfinetune.model.DebugOption;
import io.bertfinetune.optim.AdamW;
import io.bertfinetune.optim.LearningRateSchedule;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterGroups;
import io.bertfinetune.optim.Progress;
import io.bertfinetune.optim.ReduceLrOnPlateau;
import io.bertfinetune.optim.Steps;
import io.bertfinetune.training.InputTokens;
import io.bertfinetune.training.IntervalStrategy;
import io.bertfinetune.training.SaveStrategy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Every training argument under Hugging Face's name in camelCase and with its default; where one differs, its
 * description says so. {@link Trainer.Builder} and {@link TrainingArguments.Builder} both inherit these methods.
 *
 * <p>A value out of range is refused at once, a contradiction between two arguments when the builder builds; both as
 * {@link IllegalArgumentException} that names the method.
 *
 * @param <B> the builder itself
 */
public abstract sealed class ArgumentsBuilder<B extends ArgumentsBuilder<B>>
        permits Trainer.Builder, TrainingArguments.Builder {
    private static final List<Argument<Double>> ADAM = List.of(ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON);

    /** What counts when it is said, even if it is the default. */
    private static final Set<Argument<?>> NEVER_IDLE = Set.of(EVAL_STEPS, OUTPUT_DIR, SAVE_STRATEGY);

    /** What was there to begin with, and what was said here. */
    private final Map<Argument<?>, Object> base = new LinkedHashMap<>();

    private final Map<Argument<?>, Object> said = new LinkedHashMap<>();

    ArgumentsBuilder() {}

    abstract B self();

    /**
     * Where what a run writes goes: its checkpoints. Created when a run that saves begins. {@code trainer_output} unless
     * said; saying it also makes {@link #saveStrategy} {@code STEPS}, if that is not said itself.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#outputdir">When to touch it.</a>
     *
     * @param folder the folder
     * @return this builder
     */
    public B outputDir(Path folder) {
        return say(OUTPUT_DIR, folder);
    }

    /**
     * How many examples a micro-batch of training has; 8 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#perdevicetrainbatchsize">When to touch it.</a>
     *
     * @param examples 1 or more
     * @return this builder
     */
    public B perDeviceTrainBatchSize(int examples) {
        return say(Argument.PER_DEVICE_TRAIN_BATCH_SIZE, examples);
    }

    /**
     * How many examples a batch of evaluation has; 8 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#perdeviceevalbatchsize">When to touch it.</a>
     *
     * @param examples 1 or more
     * @return this builder
     */
    public B perDeviceEvalBatchSize(int examples) {
        return say(Argument.PER_DEVICE_EVAL_BATCH_SIZE, examples);
    }

    /**
     * How often training goes through the data; 3 unless said. With a fraction the last epoch ends early.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#numtrainepochs">When to touch it.</a>
     *
     * @param epochs above 0
     * @return this builder
     */
    public B numTrainEpochs(double epochs) {
        return say(Argument.NUM_TRAIN_EPOCHS, epochs);
    }

    /**
     * After how many optimizer steps training ends, whatever {@link #numTrainEpochs} says; needed for data that does not
     * know its size. −1, to go by epochs, unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#maxsteps">When to touch it.</a>
     *
     * @param steps 1 or more, or −1
     * @return this builder
     */
    public B maxSteps(long steps) {
        return say(Argument.MAX_STEPS, steps);
    }

    /**
     * How many micro-batches make one optimizer step; 1 unless said. The step is the same as with one big batch (in
     * Hugging Face 5.18 gradient and loss come out as many times too large).
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#gradientaccumulationsteps">When to touch it.</a>
     *
     * @param microBatches 1 or more
     * @return this builder
     */
    public B gradientAccumulationSteps(int microBatches) {
        return say(Argument.GRADIENT_ACCUMULATION_STEPS, microBatches);
    }

    /**
     * Whether a batch that does not fit into memory is worked on in parts; not unless said. Half of it at a time is tried,
     * then a quarter and so on, for the rest of the run, and in evaluations too. The parts are accumulated, so a step is
     * made of as many examples as before. (Hugging Face begins anew with a smaller batch, and leaves evaluations.)
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#autofindbatchsize">When to touch it.</a>
     *
     * @param find true to work on parts
     * @return this builder
     */
    public B autoFindBatchSize(boolean find) {
        return say(Argument.AUTO_FIND_BATCH_SIZE, find);
    }

    /**
     * When training logs its loss, gradient norm and learning rate; {@link IntervalStrategy#STEPS} unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#loggingstrategy">When to touch it.</a>
     *
     * @param strategy when
     * @return this builder
     */
    public B loggingStrategy(IntervalStrategy strategy) {
        return say(LOGGING_STRATEGY, strategy);
    }

    /**
     * Every how many steps training logs under {@link IntervalStrategy#STEPS}; 5 % of the run unless said, about 20 lines
     * whatever its length. (Hugging Face: 500, which logs nothing in a short run.)
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#loggingsteps">When to touch it.</a>
     *
     * @param steps above 0
     * @return this builder
     */
    public B loggingSteps(Steps steps) {
        return say(LOGGING_STEPS, steps);
    }

    /**
     * Every how many steps training logs under {@link IntervalStrategy#STEPS}.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#loggingsteps">When to touch it.</a>
     *
     * @param steps 1 or more
     * @return this builder
     */
    public B loggingSteps(int steps) {
        return loggingSteps(stepsOf(LOGGING_STEPS, steps));
    }

    /**
     * Whether the first step is logged as well; not unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#loggingfirststep">When to touch it.</a>
     *
     * @param log true to log it
     * @return this builder
     */
    public B loggingFirstStep(boolean log) {
        return say(Argument.LOGGING_FIRST_STEP, log);
    }

    /**
     * Which tokens of the training data are counted; {@link InputTokens#NO} unless said. Every log then has
     * {@code num_input_tokens_seen}, and those of training {@code train_tokens_per_second}.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#includenuminputtokensseen">When to touch it.</a>
     *
     * @param tokens which
     * @return this builder
     */
    public B includeNumInputTokensSeen(InputTokens tokens) {
        return say(Argument.INCLUDE_NUM_INPUT_TOKENS_SEEN, tokens);
    }

    /**
     * When the evaluation sets are evaluated during training; {@link IntervalStrategy#NO} unless said. With
     * {@link IntervalStrategy#STEPS} also after the very last step.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#evalstrategy">When to touch it.</a>
     *
     * @param strategy when
     * @return this builder
     */
    public B evalStrategy(IntervalStrategy strategy) {
        return say(EVAL_STRATEGY, strategy);
    }

    /**
     * Every how many steps the evaluation sets are evaluated under {@link IntervalStrategy#STEPS}; as often as
     * {@link #loggingSteps(Steps)} unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#evalsteps">When to touch it.</a>
     *
     * @param steps above 0
     * @return this builder
     */
    public B evalSteps(Steps steps) {
        return say(EVAL_STEPS, steps);
    }

    /**
     * Every how many steps the evaluation sets are evaluated under {@link IntervalStrategy#STEPS}.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#evalsteps">When to touch it.</a>
     *
     * @param steps 1 or more
     * @return this builder
     */
    public B evalSteps(int steps) {
        return evalSteps(stepsOf(EVAL_STEPS, steps));
    }

    /**
     * Before when nothing is evaluated; 0 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#evaldelay">When to touch it.</a>
     *
     * @param delay 0 or more steps under {@link IntervalStrategy#STEPS}, epochs under {@link IntervalStrategy#EPOCH}
     * @return this builder
     */
    public B evalDelay(double delay) {
        return say(EVAL_DELAY, delay);
    }

    /**
     * Whether to evaluate once before the first step; not unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#evalonstart">When to touch it.</a>
     *
     * @param evaluate true to evaluate
     * @return this builder
     */
    public B evalOnStart(boolean evaluate) {
        return say(Argument.EVAL_ON_START, evaluate);
    }

    /**
     * Whether evaluations report the loss and no metrics; not unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#predictionlossonly">When to touch it.</a>
     *
     * @param lossOnly true for the loss alone
     * @return this builder
     */
    public B predictionLossOnly(boolean lossOnly) {
        return say(Argument.PREDICTION_LOSS_ONLY, lossOnly);
    }

    /**
     * The highest learning rate; 5e-5 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#learningrate">When to touch it.</a>
     *
     * @param rate above 0
     * @return this builder
     */
    public B learningRate(double rate) {
        return say(Argument.LEARNING_RATE, rate);
    }

    /**
     * How the learning rate goes on, {@code lr_scheduler_kwargs} included; {@link LearningRateSchedule#linear} unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#lrschedulertype">When to touch it.</a>
     *
     * @param schedule the schedule
     * @return this builder
     */
    public B lrSchedulerType(LearningRateSchedule schedule) {
        return say(LR_SCHEDULER_TYPE, schedule);
    }

    /**
     * How long the learning rate rises from 0; not at all unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#warmupsteps">When to touch it.</a>
     *
     * @param steps 0 or more
     * @return this builder
     */
    public B warmupSteps(Steps steps) {
        return say(WARMUP_STEPS, steps.value() == 0 ? Steps.of(0) : steps);
    }

    /**
     * How many steps the learning rate rises from 0.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#warmupsteps">When to touch it.</a>
     *
     * @param steps 0 or more
     * @return this builder
     */
    public B warmupSteps(int steps) {
        return warmupSteps(stepsOf(WARMUP_STEPS, steps));
    }

    /**
     * The rule by which weights change, {@code optim_args} included; AdamW unless said. AdamW's own numbers can also be
     * said by {@link #adamBeta1}, {@link #adamBeta2} and {@link #adamEpsilon}, but not both ways.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#optim">When to touch it.</a>
     *
     * @param optimizer the rule, with its settings
     * @return this builder
     */
    public B optim(Optimizer optimizer) {
        return say(OPTIM, optimizer);
    }

    /**
     * AdamW's decay rate of the mean of the gradients; 0.9 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#adambeta1">When to touch it.</a>
     *
     * @param rate 0 to below 1
     * @return this builder
     */
    public B adamBeta1(double rate) {
        return say(ADAM_BETA1, rate);
    }

    /**
     * AdamW's decay rate of the mean of the squared gradients; 0.999 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#adambeta2">When to touch it.</a>
     *
     * @param rate 0 to below 1
     * @return this builder
     */
    public B adamBeta2(double rate) {
        return say(ADAM_BETA2, rate);
    }

    /**
     * What AdamW adds to its denominator; 1e-8 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#adamepsilon">When to touch it.</a>
     *
     * @param epsilon above 0
     * @return this builder
     */
    public B adamEpsilon(double epsilon) {
        return say(ADAM_EPSILON, epsilon);
    }

    /**
     * The weight decay of all parameters but biases, LayerNorms and those that {@link #parameterGroups} excepts; 0
     * unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#weightdecay">When to touch it.</a>
     *
     * @param decay 0 or more
     * @return this builder
     */
    public B weightDecay(double decay) {
        return say(Argument.WEIGHT_DECAY, decay);
    }

    /**
     * The global L2 norm gradients are clipped to; 1 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#maxgradnorm">When to touch it.</a>
     *
     * @param norm above 0, or 0 not to clip
     * @return this builder
     */
    public B maxGradNorm(double norm) {
        return say(Argument.MAX_GRAD_NORM, norm);
    }

    /**
     * How much of each label is spread over all labels in training (Szegedy et al., 2016); 0 unless said. The loss of
     * an evaluation is not smoothed (in Hugging Face 5.18 it is).
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#labelsmoothingfactor">When to touch it.</a>
     *
     * @param factor 0 to below 1
     * @return this builder
     */
    public B labelSmoothingFactor(double factor) {
        return say(Argument.LABEL_SMOOTHING_FACTOR, factor);
    }

    /**
     * Which parameters train, how fast, and which decay; {@link ParameterGroups#standard} unless said. Hugging Face has
     * no such argument: there one hands over an optimizer with groups of its own.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#parametergroups">When to touch it.</a>
     *
     * @param groups the groups
     * @return this builder
     */
    public B parameterGroups(ParameterGroups groups) {
        return say(Argument.PARAMETER_GROUPS, groups);
    }

    /**
     * Whether training computes its matrix products in bfloat16, 16 bits with the range of 32; not unless said. Parameters,
     * optimizer, loss, softmax and LayerNorm stay in 32 bits, and so does all of an evaluation (in Hugging Face it does not)
     * without {@link #bf16FullEval}. {@code build} refuses it where the model's device has no bfloat16;
     * {@link io.bertfinetune.model.Device#supports} says so beforehand.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#bf16">When to touch it.</a>
     *
     * @param halve true for products in bfloat16
     * @return this builder
     */
    public B bf16(boolean halve) {
        return say(BF16, halve);
    }

    /**
     * Whether training computes its matrix products in float16, IEEE's 16 bits, and scales the loss so that small gradients
     * do not vanish; not unless said. A step whose gradients overflow is left out. Otherwise as {@link #bf16}, which is
     * better where the device has it.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#fp16">When to touch it.</a>
     *
     * @param halve true for products in float16
     * @return this builder
     */
    public B fp16(boolean halve) {
        return say(FP16, halve);
    }

    /**
     * Whether evaluations and predictions of this trainer compute their matrix products in bfloat16, whatever training does;
     * not unless said, so that an evaluation says what a saved model will do, which is served in 32 bits. Hugging Face turns
     * the weights into bfloat16 as well; here they stay. {@code build} refuses it where the model's device has no bfloat16.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#bf16fulleval">When to touch it.</a>
     *
     * @param halve true for products in bfloat16
     * @return this builder
     */
    public B bf16FullEval(boolean halve) {
        return say(Argument.BF16_FULL_EVAL, halve);
    }

    /**
     * Whether products of 32 bits may read 10 of the 23 bits of the fraction in training (TensorFloat-32), which is faster on
     * NVIDIA GPUs that have it; not unless said. It goes with this run, where Hugging Face switches it for the whole process;
     * beside {@link #bf16} or {@link #fp16}, which leave it no product, it does nothing. {@code build} refuses it where the
     * model's device has none.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#tf32">When to touch it.</a>
     *
     * @param allow true to read fewer bits
     * @return this builder
     */
    public B tf32(boolean allow) {
        return say(Argument.TF32, allow);
    }

    /**
     * In which order an epoch visits the examples; {@link Sampler#random} unless said. {@link Sampler#groupByLength} puts
     * examples of similar length into a batch, with which an epoch of short texts takes about half the time; gradients are
     * then of examples that are alike in length. Data that is a stream is read as it comes.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#trainsamplingstrategy">When to touch it.</a>
     *
     * @param sampler the order
     * @return this builder
     */
    public B trainSamplingStrategy(Sampler sampler) {
        return say(Argument.TRAIN_SAMPLING_STRATEGY, sampler);
    }

    /**
     * Whether the last batch of an epoch is left out if it is not full; not unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#dataloaderdroplast">When to touch it.</a>
     *
     * @param drop true to leave it out
     * @return this builder
     */
    public B dataloaderDropLast(boolean drop) {
        return say(Argument.DATALOADER_DROP_LAST, drop);
    }

    /**
     * How many batches are made ahead while the model computes; 2 unless said. The numbers of a run do not depend on it.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#dataloaderprefetchfactor">When to touch it.</a>
     *
     * @param batches 1 or more; 0 to make each batch when it is needed
     * @return this builder
     */
    public B dataloaderPrefetchFactor(int batches) {
        return say(Argument.DATALOADER_PREFETCH_FACTOR, batches);
    }

    /**
     * When checkpoints are saved in {@link #outputDir}; {@link SaveStrategy#STEPS} unless said if there is an
     * {@code outputDir}, else {@link SaveStrategy#NO}. (Hugging Face always saves.)
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#savestrategy">When to touch it.</a>
     *
     * @param strategy when
     * @return this builder
     */
    public B saveStrategy(SaveStrategy strategy) {
        return say(SAVE_STRATEGY, strategy);
    }

    /**
     * Every how many steps a checkpoint is saved under {@link SaveStrategy#STEPS}; 500 unless said. There is always one
     * after the last step.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#savesteps">When to touch it.</a>
     *
     * @param steps above 0
     * @return this builder
     */
    public B saveSteps(Steps steps) {
        return say(SAVE_STEPS, steps);
    }

    /**
     * Every how many steps a checkpoint is saved under {@link SaveStrategy#STEPS}.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#savesteps">When to touch it.</a>
     *
     * @param steps 1 or more
     * @return this builder
     */
    public B saveSteps(int steps) {
        return saveSteps(stepsOf(SAVE_STEPS, steps));
    }

    /**
     * How many checkpoints of a run are kept; 2 unless said. The oldest are deleted, but never the newest or the best. (In
     * Hugging Face all are kept; one of bert-base is 1.3 GB.)
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#savetotallimit">When to touch it.</a>
     *
     * @param checkpoints 1 or more, or 0 to keep all
     * @return this builder
     */
    public B saveTotalLimit(int checkpoints) {
        return say(Argument.SAVE_TOTAL_LIMIT, checkpoints);
    }

    /**
     * Whether checkpoints hold the model without the optimizer's state; not unless said. They are a third of the size,
     * and no run can go on exactly from one.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#saveonlymodel">When to touch it.</a>
     *
     * @param onlyModel true for the model alone
     * @return this builder
     */
    public B saveOnlyModel(boolean onlyModel) {
        return say(SAVE_ONLY_MODEL, onlyModel);
    }

    /**
     * Whether a SIGTERM saves a checkpoint before the JVM ends; not unless said. The step that is being made is finished,
     * with its evaluation if one is due, and the checkpoint written; {@code train} then ends with a
     * {@link io.bertfinetune.error.BertFineTuneException}, and the signal does what it does without a run, which is to end
     * the JVM unless something else takes it. {@code resumeLatest} goes on.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#enablejitcheckpoint">When to touch it.</a>
     *
     * @param enable true to save one
     * @return this builder
     */
    public B enableJitCheckpoint(boolean enable) {
        return say(ENABLE_JIT_CHECKPOINT, enable);
    }

    /**
     * Whether the model has the weights of the best evaluation when training ends, not the last ones; not unless said. A
     * checkpoint is then saved after every evaluation that was better than all before, whatever {@link #saveStrategy}
     * says; the two need not match {@link #evalStrategy}, as they must in Hugging Face.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#loadbestmodelatend">When to touch it.</a>
     *
     * @param load true for the best weights
     * @return this builder
     */
    public B loadBestModelAtEnd(boolean load) {
        return say(Argument.LOAD_BEST_MODEL_AT_END, load);
    }

    /**
     * Which metric says which evaluation is best; unless said the first metric that is reported apart from the loss, and
     * the loss if there is no other. (Hugging Face: the loss.) Whether more of it is better, the metric knows.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#metricforbestmodel">When to touch it.</a>
     *
     * @param name a metric of the run, or {@code loss}; {@code eval_} in front is optional
     * @return this builder
     */
    public B metricForBestModel(String name) {
        return say(Argument.METRIC_FOR_BEST_MODEL, name.startsWith("eval_") ? name.substring("eval_".length()) : name);
    }

    /**
     * Whether the data is looked at before the first step, and what is wrong with it logged as warnings: see
     * {@link io.bertfinetune.check}. It is, unless said: up to 1,000 rows of each data set are tokenized, and within two
     * seconds as many as possible compared; a data set that is a stream is left alone. No number of a run depends on it.
     * Hugging Face has no such argument, and {@link TrainingArguments#toJson} leaves it out.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#datacheck">When to touch it.</a>
     *
     * @param check false not to look
     * @return this builder
     */
    public B dataCheck(boolean check) {
        return say(Argument.DATA_CHECK, check);
    }

    /**
     * The seed of dropout, of a fresh head and, unless {@link #dataSeed} is said, of the order of examples; 42 unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#seed">When to touch it.</a>
     *
     * @param seed any number
     * @return this builder
     */
    public B seed(long seed) {
        return say(Argument.SEED, seed);
    }

    /**
     * The seed of the order of examples; that of {@link #seed} unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#dataseed">When to touch it.</a>
     *
     * @param seed any number
     * @return this builder
     */
    public B dataSeed(long seed) {
        return say(Argument.DATA_SEED, OptionalLong.of(seed));
    }

    /**
     * What is looked at more closely; nothing unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#debug">When to touch it.</a>
     *
     * @param options at what
     * @return this builder
     */
    public B debug(DebugOption... options) {
        return say(Argument.DEBUG, Set.copyOf(List.of(options)));
    }

    /**
     * Whether results say nothing of memory; they do not unless said. With {@code false} training and evaluation report, in
     * bytes, {@code <prefix>_mem_cpu_alloc_delta}, by how much the resident memory of the process grew, and
     * {@code <prefix>_mem_cpu_peaked_delta}, how much more than at the end it was at its highest; both on Linux alone. The
     * same for the Java heap, garbage included, under {@code <prefix>_mem_heap_…}. Sampled every 10 ms.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#skipmemorymetrics">When to touch it.</a>
     *
     * @param skip false to report memory
     * @return this builder
     */
    public B skipMemoryMetrics(boolean skip) {
        return say(Argument.SKIP_MEMORY_METRICS, skip);
    }

    /**
     * The name of the run in reports; none unless said.
     * <a href="{@docRoot}/../workshop/4-the-trainer.html#runname">When to touch it.</a>
     *
     * @param name the name
     * @return this builder
     */
    public B runName(String name) {
        return say(Argument.RUN_NAME, name);
    }

    final boolean isSaid(Argument<?> argument) {
        return said.containsKey(argument);
    }

    /** Takes these values in place of everything so far. */
    final void startFrom(Map<Argument<?>, Object> values) {
        base.clear();
        said.clear();
        base.putAll(values);
    }

    /** Says each of these. */
    final void sayAll(Map<Argument<?>, Object> values) {
        said.putAll(values);
    }

    /**
     * The values that are not the default: what was said, else what was there. What a later word made idle is gone.
     *
     * @throws IllegalArgumentException if two words contradict each other
     */
    final Map<Argument<?>, Object> resolve() {
        Map<Argument<?>, Object> values = new LinkedHashMap<>(base);
        values.putAll(said);
        dropIdle(values, LOGGING_STEPS, LOGGING_STRATEGY, LOGGING_STRATEGY.in(values) == IntervalStrategy.STEPS);
        dropIdle(values, EVAL_STEPS, EVAL_STRATEGY, EVAL_STRATEGY.in(values) == IntervalStrategy.STEPS);
        dropIdle(values, EVAL_DELAY, EVAL_STRATEGY, EVAL_STRATEGY.in(values) != IntervalStrategy.NO);
        SaveStrategy saving = TrainingArguments.saveStrategy(values);
        dropIdle(values, SAVE_STEPS, SAVE_STRATEGY, saving, saving == SaveStrategy.STEPS);
        if (saving == SaveStrategy.STEPS && values.containsKey(OUTPUT_DIR)) {
            values.remove(SAVE_STRATEGY); // what it is anyway
        }
        foldAdam(values);
        checkPlateau(values);
        checkPolynomial(values);
        if (ENABLE_JIT_CHECKPOINT.in(values) && SAVE_ONLY_MODEL.in(values)) {
            throw new IllegalArgumentException(
                    "enableJitCheckpoint(true) beside saveOnlyModel(true): the run could not go on from that checkpoint");
        }
        if (BF16.in(values) && FP16.in(values)) {
            throw new IllegalArgumentException(
                    "bf16(true) beside fp16(true): products are in one of the two; say one of them");
        }
        values.entrySet()
                .removeIf(entry -> !NEVER_IDLE.contains(entry.getKey())
                        && entry.getValue().equals(entry.getKey().initial()));
        return values;
    }

    private void dropIdle(
            Map<Argument<?>, Object> values, Argument<?> idle, Argument<IntervalStrategy> strategy, boolean isUsed) {
        dropIdle(values, idle, strategy, strategy.in(values), isUsed);
    }

    private void dropIdle(
            Map<Argument<?>, Object> values, Argument<?> idle, Argument<?> strategy, Enum<?> found, boolean isUsed) {
        if (isUsed) {
            return;
        }
        if (isSaid(idle)) {
            throw new IllegalArgumentException(idle + "(" + said.get(idle) + ") beside " + strategy + "("
                    + found + "): it would do nothing; add " + strategy + "("
                    + found.getDeclaringClass().getSimpleName() + ".STEPS)");
        }
        values.remove(idle);
    }

    private void checkPlateau(Map<Argument<?>, Object> values) {
        if (!(LR_SCHEDULER_TYPE.in(values) instanceof ReduceLrOnPlateau)) {
            return;
        }
        if (EVAL_STRATEGY.in(values) == IntervalStrategy.NO) {
            throw new IllegalArgumentException(
                    "lrSchedulerType(reduce_lr_on_plateau) beside evalStrategy(NO): it would see"
                            + " no evaluation; add evalStrategy(IntervalStrategy.EPOCH)");
        }
        if (WARMUP_STEPS.in(values).value() > 0) {
            throw new IllegalArgumentException("warmupSteps(" + WARMUP_STEPS.in(values)
                    + ") beside lrSchedulerType(reduce_lr_on_plateau), which has no warm-up");
        }
    }

    private static void checkPolynomial(Map<Argument<?>, Object> values) {
        LearningRateSchedule schedule = LR_SCHEDULER_TYPE.in(values);
        if (!schedule.type().equals("polynomial")) {
            return;
        }
        double learningRate = Argument.LEARNING_RATE.in(values);
        try {
            schedule.factor(Progress.at(0, 1).baseLearningRate(learningRate));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "learningRate(" + learningRate + ") beside lrSchedulerType(polynomial): " + e.getMessage(), e);
        }
    }

    private void foldAdam(Map<Argument<?>, Object> values) {
        for (Argument<Double> number : ADAM) {
            if (!isSaid(number)) {
                continue;
            }
            if (isSaid(OPTIM)) {
                throw new IllegalArgumentException(number + "(" + said.get(number) + ") beside optim(" + said.get(OPTIM)
                        + "): say it in one place, optim(new AdamW(beta1, beta2, epsilon))");
            }
            if (!(OPTIM.in(values) instanceof AdamW adamW)) {
                throw new IllegalArgumentException(number + "(" + said.get(number) + ") beside optim("
                        + OPTIM.in(values) + ") of the arguments taken: that optimizer is no AdamW");
            }
            double value = number.in(values);
            values.put(
                    OPTIM,
                    new AdamW(
                            number == ADAM_BETA1 ? value : adamW.beta1(),
                            number == ADAM_BETA2 ? value : adamW.beta2(),
                            number == ADAM_EPSILON ? value : adamW.epsilon()));
        }
        ADAM.forEach(values::remove);
    }

    private <T> B say(Argument<T> argument, T value) {
        said.put(argument, argument.check(Objects.requireNonNull(value, argument.name())));
        return self();
    }

    private static Steps stepsOf(Argument<Steps> argument, int steps) {
        if (steps < 0) {
            throw new IllegalArgumentException(argument.name() + " is " + steps + ", expected 0 steps or more");
        }
        return Steps.of(steps);
    }
}
