package io.bertfinetune.experiment;

import io.bertfinetune.TrainingArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * The settings a search tries, and the arguments they go into. Does not change: each word gives a new space.
 *
 * <pre>{@code
 * var length = Hyperparameter.choice("maxLength", 32, 64, 128);
 * var space = SearchSpace.of(args)
 *         .with(Hyperparameter.logUniform("learningRate", 1e-5, 1e-3), TrainingArguments.Builder::learningRate)
 *         .with(Hyperparameter.choice("perDeviceTrainBatchSize", 8, 16, 32), TrainingArguments.Builder::perDeviceTrainBatchSize)
 *         .with(length);                          // no argument: trial.get(length) has it
 * }</pre>
 */
public final class SearchSpace {
    private final TrainingArguments base;
    private final List<Dimension<?>> dimensions;

    private record Dimension<T>(
            Hyperparameter<T> hyperparameter, BiConsumer<TrainingArguments.Builder, ? super T> into) {
        void draw(long seed, int trial, Map<Hyperparameter<?>, Object> values, TrainingArguments.Builder args) {
            T value = hyperparameter.draw(seed, trial);
            values.put(hyperparameter, value);
            try {
                into.accept(args, value);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "SearchSpace: " + hyperparameter + " gave " + value + ": " + e.getMessage(), e);
            }
        }
    }

    private SearchSpace(TrainingArguments base, List<Dimension<?>> dimensions) {
        this.base = base;
        this.dimensions = dimensions;
    }

    /**
     * A space in which nothing varies yet.
     *
     * @param base the arguments that trials begin with
     * @return the space
     */
    public static SearchSpace of(TrainingArguments base) {
        return new SearchSpace(Objects.requireNonNull(base, "base"), List.of());
    }

    /**
     * What Hugging Face's {@code hyperparameter_search} tries unless told otherwise: {@code learningRate} from 1e-6 to 1e-4
     * (log-uniform), {@code numTrainEpochs} from 1 to 5, {@code seed} from 1 to 40, and {@code perDeviceTrainBatchSize}
     * 4, 8, 16, 32 or 64.
     *
     * @param base the arguments that trials begin with
     * @return the space
     */
    public static SearchSpace huggingFace(TrainingArguments base) {
        return of(base).with(
                        Hyperparameter.logUniform("learningRate", 1e-6, 1e-4), TrainingArguments.Builder::learningRate)
                .with(Hyperparameter.ints("numTrainEpochs", 1, 5), (args, epochs) -> args.numTrainEpochs(epochs))
                .with(Hyperparameter.ints("seed", 1, 40), (args, seed) -> args.seed(seed))
                .with(
                        Hyperparameter.choice("perDeviceTrainBatchSize", 4, 8, 16, 32, 64),
                        TrainingArguments.Builder::perDeviceTrainBatchSize);
    }

    /**
     * This space, and one more setting, which goes into the arguments.
     *
     * @param hyperparameter the setting
     * @param into what takes the value, {@code TrainingArguments.Builder::learningRate} for instance, or where the types
     *     are not quite the same {@code (args, epochs) -> args.numTrainEpochs(epochs)}
     * @param <T> value
     * @return a new space
     * @throws IllegalArgumentException if there is one of this name already
     */
    public <T> SearchSpace with(
            Hyperparameter<T> hyperparameter, BiConsumer<TrainingArguments.Builder, ? super T> into) {
        if (dimensions.stream().anyMatch(d -> d.hyperparameter().name().equals(hyperparameter.name()))) {
            throw new IllegalArgumentException("SearchSpace: " + hyperparameter.name() + " comes twice");
        }
        List<Dimension<?>> more = new ArrayList<>(dimensions);
        more.add(new Dimension<>(hyperparameter, into));
        return new SearchSpace(base, List.copyOf(more));
    }

    /**
     * This space, and one more setting that is no training argument; {@link Trial#get} has its value.
     *
     * @param hyperparameter the setting
     * @param <T> value
     * @return a new space
     * @throws IllegalArgumentException if there is one of this name already
     */
    public <T> SearchSpace with(Hyperparameter<T> hyperparameter) {
        return with(hyperparameter, (args, value) -> {});
    }

    TrainingArguments base() {
        return base;
    }

    /** The values of a trial, which go into these arguments as well. */
    Map<Hyperparameter<?>, Object> draw(long seed, int trial, TrainingArguments.Builder args) {
        Map<Hyperparameter<?>, Object> values = new LinkedHashMap<>();
        dimensions.forEach(dimension -> dimension.draw(seed, trial, values, args));
        return values;
    }

    /**
     * What varies.
     *
     * @return {@code SearchSpace[learningRate logUniform(1.0E-5, 0.001)]}
     */
    @Override
    public String toString() {
        return "SearchSpace"
                + dimensions.stream().map(Dimension::hyperparameter).toList();
    }
}
