package io.bertfinetune.training;

import io.bertfinetune.metric.Metrics;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Where a run stands; the fields of Hugging Face's {@code TrainerState} ({@code trainer_state.json}) that mean something
 * here, and a few more. Does not change: every event brings a new one.
 */
public final class TrainerState {
    private final double epoch;
    private final long globalStep;
    private final long maxSteps;
    private final int numTrainEpochs;
    private final int trainBatchSize;
    private final long loggingSteps;
    private final long evalSteps;
    private final long saveSteps;
    private final long examplesSeen;
    private final long numInputTokensSeen;
    private final OptionalDouble bestMetric;
    private final OptionalLong bestGlobalStep;
    private final Optional<Path> bestModelCheckpoint;
    private final Optional<String> runName;
    private final History logHistory;
    private final Map<String, Boolean> greaterIsBetter;
    private final String metricForBestModel;

    private TrainerState(Builder builder) {
        this.epoch = builder.epoch;
        this.globalStep = builder.globalStep;
        this.maxSteps = builder.maxSteps;
        this.numTrainEpochs = builder.numTrainEpochs;
        this.trainBatchSize = builder.trainBatchSize;
        this.loggingSteps = builder.loggingSteps;
        this.evalSteps = builder.evalSteps;
        this.saveSteps = builder.saveSteps;
        this.examplesSeen = builder.examplesSeen;
        this.numInputTokensSeen = builder.numInputTokensSeen;
        this.bestMetric = builder.bestMetric;
        this.bestGlobalStep = builder.bestGlobalStep;
        this.bestModelCheckpoint = builder.bestModelCheckpoint;
        this.runName = builder.runName;
        this.logHistory = builder.logHistory;
        this.greaterIsBetter = Collections.unmodifiableMap(new LinkedHashMap<>(builder.greaterIsBetter));
        this.metricForBestModel = builder.metricForBestModel;
    }

    /**
     * The state before anything happened, to be filled in.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This state, to be changed.
     *
     * @return a builder with all of its values
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.epoch = epoch;
        builder.globalStep = globalStep;
        builder.maxSteps = maxSteps;
        builder.numTrainEpochs = numTrainEpochs;
        builder.trainBatchSize = trainBatchSize;
        builder.loggingSteps = loggingSteps;
        builder.evalSteps = evalSteps;
        builder.saveSteps = saveSteps;
        builder.examplesSeen = examplesSeen;
        builder.numInputTokensSeen = numInputTokensSeen;
        builder.bestMetric = bestMetric;
        builder.bestGlobalStep = bestGlobalStep;
        builder.bestModelCheckpoint = bestModelCheckpoint;
        builder.runName = runName;
        builder.logHistory = logHistory;
        builder.greaterIsBetter.putAll(greaterIsBetter);
        builder.metricForBestModel = metricForBestModel;
        return builder;
    }

    /**
     * How far the run is in epochs.
     *
     * @return 2.5 in the middle of the third
     */
    public double epoch() {
        return epoch;
    }

    /**
     * How many optimizer steps are made.
     *
     * @return 0 before the first
     */
    public long globalStep() {
        return globalStep;
    }

    /**
     * How many optimizer steps the run will make if nothing stops it.
     *
     * @return 0 before training
     */
    public long maxSteps() {
        return maxSteps;
    }

    /**
     * How many epochs the run will begin if nothing stops it.
     *
     * @return 0 before training; {@link Integer#MAX_VALUE} where the data set does not know its size
     */
    public int numTrainEpochs() {
        return numTrainEpochs;
    }

    /**
     * How many examples a micro-batch of training has.
     *
     * @return {@code perDeviceTrainBatchSize}, or what {@code autoFindBatchSize} found to fit
     */
    public int trainBatchSize() {
        return trainBatchSize;
    }

    /**
     * Every how many steps the run logs under {@link IntervalStrategy#STEPS}.
     *
     * @return 0 before training
     */
    public long loggingSteps() {
        return loggingSteps;
    }

    /**
     * Every how many steps the run evaluates under {@link IntervalStrategy#STEPS}.
     *
     * @return 0 before training
     */
    public long evalSteps() {
        return evalSteps;
    }

    /**
     * Every how many steps the run saves a checkpoint under {@link SaveStrategy#STEPS}.
     *
     * @return 0 before training
     */
    public long saveSteps() {
        return saveSteps;
    }

    /**
     * How many examples were trained on, each counted as often as it came.
     *
     * @return 0 before the first step
     */
    public long examplesSeen() {
        return examplesSeen;
    }

    /**
     * How many tokens were trained on, as {@code includeNumInputTokensSeen} counts them.
     *
     * @return 0 unless they are counted
     */
    public long numInputTokensSeen() {
        return numInputTokensSeen;
    }

    /**
     * The best value {@link #metricForBestModel} had in an evaluation of this run.
     *
     * @return empty before the first evaluation
     */
    public OptionalDouble bestMetric() {
        return bestMetric;
    }

    /**
     * After how many steps {@link #bestMetric} was found.
     *
     * @return empty before the first evaluation
     */
    public OptionalLong bestGlobalStep() {
        return bestGlobalStep;
    }

    /**
     * The checkpoint that has the weights of {@link #bestGlobalStep}.
     *
     * @return its folder; empty if no checkpoint was saved there, or it was gone when {@code loadBestModelAtEnd} looked
     */
    public Optional<Path> bestModelCheckpoint() {
        return bestModelCheckpoint;
    }

    /**
     * The name of the run in reports.
     *
     * @return the argument {@code runName}, if given
     */
    public Optional<String> runName() {
        return runName;
    }

    /**
     * Everything logged so far, each entry with {@code epoch} and {@code step}.
     *
     * @return the entries, oldest first
     */
    public List<Metrics> logHistory() {
        return logHistory;
    }

    /**
     * The names of what an evaluation in this run reports, without {@code eval_}: {@code loss}, {@code accuracy} … With
     * named data sets their name stands in front: {@code dev_accuracy}.
     *
     * @return the names, in the order they are reported
     */
    public List<String> metrics() {
        return List.copyOf(greaterIsBetter.keySet());
    }

    /**
     * Whether more of a metric is better.
     *
     * @param metric one of {@link #metrics}
     * @return what the metric says of itself; false for a loss
     * @throws IllegalArgumentException if evaluations do not report it; the message lists what they do
     */
    public boolean greaterIsBetter(String metric) {
        Boolean greater = greaterIsBetter.get(metric);
        if (greater == null) {
            throw new IllegalArgumentException(
                    "evaluations report no metric '" + metric + "'; they report " + greaterIsBetter.keySet());
        }
        return greater;
    }

    /**
     * Which metric says which evaluation was best.
     *
     * @return the argument {@code metricForBestModel}; unless said the first metric an evaluation reports apart from the
     *     loss, {@code loss} if there is no other
     */
    public String metricForBestModel() {
        return metricForBestModel;
    }

    /**
     * The state in short, for messages.
     *
     * @return epoch and step
     */
    @Override
    public String toString() {
        return "TrainerState[epoch=" + epoch + ", globalStep=" + globalStep + " of " + maxSteps + "]";
    }

    /** Makes a {@link TrainerState}: the trainer does, and so can the test of a callback. */
    public static final class Builder {
        private double epoch;
        private long globalStep;
        private long maxSteps;
        private int numTrainEpochs;
        private int trainBatchSize;
        private long loggingSteps;
        private long evalSteps;
        private long saveSteps;
        private long examplesSeen;
        private long numInputTokensSeen;
        private OptionalDouble bestMetric = OptionalDouble.empty();
        private OptionalLong bestGlobalStep = OptionalLong.empty();
        private Optional<Path> bestModelCheckpoint = Optional.empty();
        private Optional<String> runName = Optional.empty();
        private History logHistory = History.of(List.of());
        private final Map<String, Boolean> greaterIsBetter = new LinkedHashMap<>();
        private String metricForBestModel = "loss";

        private Builder() {}

        /**
         * Sets {@link TrainerState#epoch}.
         *
         * @param epoch the new value
         * @return this builder
         */
        public Builder epoch(double epoch) {
            this.epoch = epoch;
            return this;
        }

        /**
         * Sets {@link TrainerState#globalStep}.
         *
         * @param globalStep the new value
         * @return this builder
         */
        public Builder globalStep(long globalStep) {
            this.globalStep = globalStep;
            return this;
        }

        /**
         * Sets {@link TrainerState#maxSteps}.
         *
         * @param maxSteps the new value
         * @return this builder
         */
        public Builder maxSteps(long maxSteps) {
            this.maxSteps = maxSteps;
            return this;
        }

        /**
         * Sets {@link TrainerState#numTrainEpochs}.
         *
         * @param numTrainEpochs the new value
         * @return this builder
         */
        public Builder numTrainEpochs(int numTrainEpochs) {
            this.numTrainEpochs = numTrainEpochs;
            return this;
        }

        /**
         * Sets {@link TrainerState#trainBatchSize}.
         *
         * @param trainBatchSize the new value
         * @return this builder
         */
        public Builder trainBatchSize(int trainBatchSize) {
            this.trainBatchSize = trainBatchSize;
            return this;
        }

        /**
         * Sets {@link TrainerState#loggingSteps}.
         *
         * @param loggingSteps the new value
         * @return this builder
         */
        public Builder loggingSteps(long loggingSteps) {
            this.loggingSteps = loggingSteps;
            return this;
        }

        /**
         * Sets {@link TrainerState#evalSteps}.
         *
         * @param evalSteps the new value
         * @return this builder
         */
        public Builder evalSteps(long evalSteps) {
            this.evalSteps = evalSteps;
            return this;
        }

        /**
         * Sets {@link TrainerState#saveSteps}.
         *
         * @param saveSteps the new value
         * @return this builder
         */
        public Builder saveSteps(long saveSteps) {
            this.saveSteps = saveSteps;
            return this;
        }

        /**
         * Sets {@link TrainerState#examplesSeen}.
         *
         * @param examplesSeen the new value
         * @return this builder
         */
        public Builder examplesSeen(long examplesSeen) {
            this.examplesSeen = examplesSeen;
            return this;
        }

        /**
         * Sets {@link TrainerState#numInputTokensSeen}.
         *
         * @param tokens the new value
         * @return this builder
         */
        public Builder numInputTokensSeen(long tokens) {
            this.numInputTokensSeen = tokens;
            return this;
        }

        /**
         * Sets {@link TrainerState#bestMetric}.
         *
         * @param bestMetric the new value
         * @return this builder
         */
        public Builder bestMetric(double bestMetric) {
            this.bestMetric = OptionalDouble.of(bestMetric);
            return this;
        }

        /**
         * Sets {@link TrainerState#bestGlobalStep}, which has no checkpoint until {@link #bestModelCheckpoint} says so.
         *
         * @param bestGlobalStep the new value
         * @return this builder
         */
        public Builder bestGlobalStep(long bestGlobalStep) {
            this.bestGlobalStep = OptionalLong.of(bestGlobalStep);
            this.bestModelCheckpoint = Optional.empty();
            return this;
        }

        /**
         * Sets {@link TrainerState#bestModelCheckpoint}.
         *
         * @param checkpoint the new value
         * @return this builder
         */
        public Builder bestModelCheckpoint(Path checkpoint) {
            this.bestModelCheckpoint = Optional.of(checkpoint);
            return this;
        }

        /**
         * Sets {@link TrainerState#runName}.
         *
         * @param runName the new value
         * @return this builder
         */
        public Builder runName(String runName) {
            this.runName = Optional.of(runName);
            return this;
        }

        /**
         * Adds an entry to {@link TrainerState#logHistory}.
         *
         * @param entry the newest entry
         * @return this builder
         */
        public Builder log(Metrics entry) {
            logHistory = logHistory.and(entry);
            return this;
        }

        /**
         * Sets {@link TrainerState#logHistory}.
         *
         * @param entries the new value, oldest first
         * @return this builder
         */
        public Builder logHistory(List<Metrics> entries) {
            logHistory = History.of(entries);
            return this;
        }

        /**
         * Sets {@link TrainerState#metricForBestModel}; to be called after every {@link #metric}.
         *
         * @param name the metric, without {@code eval_}
         * @return this builder
         */
        public Builder metricForBestModel(String name) {
            metricForBestModel = name;
            return this;
        }

        /**
         * Adds to {@link TrainerState#metrics}; the first one that is no loss becomes
         * {@link TrainerState#metricForBestModel}.
         *
         * @param name the metric, without {@code eval_}
         * @param greaterIsBetter whether more of it is better
         * @return this builder
         */
        public Builder metric(String name, boolean greaterIsBetter) {
            if (this.greaterIsBetter.isEmpty() || (isLoss(metricForBestModel) && !isLoss(name))) {
                metricForBestModel = name;
            }
            this.greaterIsBetter.put(name, greaterIsBetter);
            return this;
        }

        /**
         * The state.
         *
         * @return a state with these values
         */
        public TrainerState build() {
            return new TrainerState(this);
        }

        private static boolean isLoss(String metric) {
            return metric.equals("loss") || metric.endsWith("_loss");
        }
    }
}
