package io.bertfinetune.model;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.task.Task;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Tokenizer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A network with its weights, tokenizer and task, on a device; {@code Bert.fromPretrained(folder).load(task)} opens one.
 *
 * <p>Prediction is safe from many threads at once and sees the weights after the last whole step. Closing waits for
 * predictions that are running; after it every call that needs the weights is an {@link IllegalStateException}.
 *
 * @param <I> input
 * @param <L> label
 * @param <P> prediction
 */
public interface Model<I, L, P> extends AutoCloseable {
    /**
     * What the model does, with its labels.
     *
     * @return the task
     */
    Task<I, L, P> task();

    /**
     * Cuts text for this model.
     *
     * @return the tokenizer
     */
    Tokenizer tokenizer();

    /**
     * How many tokens of an input the model reads; what is longer is cut.
     *
     * @return the length, special tokens included
     */
    int maxLength();

    /**
     * Where it computes.
     *
     * @return the device, {@code AUTO} decided
     */
    Device device();

    /**
     * What is missing to train or evaluate this model in a precision where it is.
     *
     * @param precision that of the matrix products
     * @return what is missing and what to do about it, in a sentence; empty if nothing is
     */
    default Optional<String> missingFor(Precision precision) {
        return device().missingFor(precision);
    }

    /**
     * Every parameter, in the order of the network.
     *
     * @return names and shapes
     */
    List<ParameterInfo> parameters();

    /**
     * What the model says about one input.
     *
     * @param input the input
     * @return the prediction
     */
    P predict(I input);

    /**
     * What the model says about each input, computed in batches of similar length.
     *
     * @param inputs the inputs
     * @return the predictions, in the order of the inputs
     */
    List<P> predictAll(Collection<? extends I> inputs);

    /**
     * Runs a batch forward without dropout, in 32 bits, as a saved model answers.
     *
     * @param batch a batch made by this model's collator
     * @return the loss and a prediction for each example
     * @throws io.bertfinetune.error.AllocationException if the batch does not fit into memory
     * @throws IllegalArgumentException if ids, labels or shapes do not fit the model
     */
    default EvalResult<P> evaluate(Batch<Example<I, L>> batch) {
        return evaluate(batch, Precision.FLOAT32);
    }

    /**
     * Runs a batch forward without dropout.
     *
     * @param batch a batch made by this model's collator
     * @param precision that of the matrix products
     * @return the loss and a prediction for each example
     * @throws io.bertfinetune.error.AllocationException if the batch does not fit into memory
     * @throws io.bertfinetune.error.EngineException if the device has not the precision; {@link #missingFor} says why
     * @throws IllegalArgumentException if ids, labels or shapes do not fit the model
     */
    EvalResult<P> evaluate(Batch<Example<I, L>> batch, Precision precision);

    /**
     * Shows what the model computes on the way to its answer, without padding; the same as
     * {@code trace(input, Padding.LONGEST)}.
     *
     * @param input the input
     * @return hidden states, attentions and outputs
     * @throws UnsupportedOperationException if the model has no such inside
     */
    default Trace trace(I input) {
        return trace(input, Padding.LONGEST);
    }

    /**
     * Shows what the model computes on the way to its answer. Slower than {@link #predict}, which skips what the answer
     * does not need, and equal to it up to rounding. The first call takes longest.
     *
     * @param input the input
     * @param padding {@code LONGEST} for none, for there is but one input; {@code MAX_LENGTH} to see what padding does
     * @return hidden states, attentions and outputs
     * @throws UnsupportedOperationException if the model has no such inside
     */
    default Trace trace(I input, Padding padding) {
        throw new UnsupportedOperationException(
                "trace: " + getClass().getName() + " does not show what it computes; a BERT of a backend does");
    }

    /**
     * Makes batches of labelled examples for this model.
     *
     * @param padding to which length texts are filled up
     * @return the collator
     */
    Collator<Example<I, L>> collator(Padding padding);

    /**
     * Opens the model for training.
     *
     * @param options how to train
     * @return the session; close it when done
     * @throws IllegalStateException if another session of this model is open
     * @throws io.bertfinetune.error.EngineException if the device has not the precision; {@link #missingFor} says why
     */
    TrainingSession<Example<I, L>> startTraining(SessionOptions options);

    /**
     * Writes a folder that Hugging Face transformers and this library load: {@code config.json},
     * {@code model.safetensors}, the tokenizer, and {@code model.onnx} for plain inference. Files of these names in the
     * folder are replaced, each at once, or deleted if this model has none of that name; the folder as a whole is not
     * replaced at once, and lacks its {@code config.json} if another model's was being replaced when the process ended.
     *
     * <p>A model that was opened with a tokenizer of its own, {@code Bert.tokenizer}, is saved without one: the folder is
     * opened with that tokenizer again.
     *
     * @param folder the folder; created if it is not there
     * @throws io.bertfinetune.error.CheckpointException if it cannot be written
     */
    void save(Path folder);

    /**
     * Writes the same folder without {@code model.onnx}: what a checkpoint needs to be loaded again, here and in Python.
     *
     * @param folder the folder; created if it is not there
     * @throws io.bertfinetune.error.CheckpointException if it cannot be written
     */
    void saveWeights(Path folder);

    /**
     * Copies the weights of a saved folder into this model; a head of this model counts as trained from then on. Waits
     * for predictions that are running.
     *
     * @param folder a folder of {@link #save}, {@link #saveWeights} or Hugging Face's
     * @throws io.bertfinetune.error.CheckpointException if a parameter is missing or has another shape, or the labels
     *     differ; the message names it, and nothing has changed
     */
    void restore(Path folder);

    /** Frees the weights. Closing twice does nothing. */
    @Override
    void close();
}
