package io.bertfinetune.model;

import io.bertfinetune.data.Batch;
import java.nio.file.Path;

/**
 * A model in training: gradients and optimizer state, kept on the device until closed. For one thread.
 *
 * <p>The four calls of a training loop, with the words PyTorch users know:
 *
 * <pre>{@code
 * for (var batch : batches) {
 *     double loss = session.forwardBackward(batch).loss();
 *     session.clipGradNorm(1.0);
 *     session.step(learningRate);
 *     session.zeroGrad();
 * }
 * }</pre>
 *
 * <p>Gradients add up over calls of {@link #forwardBackward} until {@link #zeroGrad}, each item weighing the same, and
 * are divided by the number of items when they are read: several calls equal one with a big batch.
 *
 * @param <E> example
 */
public interface TrainingSession<E> extends AutoCloseable {
    /**
     * Runs the batch forward with dropout and backward, and adds its gradients to what has accumulated.
     *
     * @param batch a batch made by the model's collator
     * @return the mean loss and over how many items
     * @throws io.bertfinetune.error.NonFiniteLossException if the loss is NaN or infinite; no weight has changed
     * @throws io.bertfinetune.error.AllocationException if the batch does not fit into memory; what has accumulated is as
     *     it was, and the same examples can go through in smaller batches
     * @throws IllegalArgumentException if ids, labels or shapes do not fit the model
     * @throws IllegalStateException if the session is closed
     */
    StepResult forwardBackward(Batch<E> batch);

    /**
     * Scales the gradients down so that their global L2 norm is at most {@code maxNorm}, as
     * {@code torch.nn.utils.clip_grad_norm_} does.
     *
     * @param maxNorm the norm to keep to, above 0; positive infinity only measures
     * @return the norm the gradients had
     * @throws IllegalStateException if there are no gradients yet
     */
    double clipGradNorm(double maxNorm);

    /**
     * Lets the optimizer update the parameters. In {@link Precision#FLOAT16} a step whose gradients overflowed is left out
     * instead, and the loss is scaled by half from then on, as PyTorch's {@code GradScaler} does; {@link #skippedSteps}
     * counts those.
     *
     * @param learningRate the learning rate of this step, 0 or more
     * @throws IllegalStateException if there are no gradients yet
     */
    void step(double learningRate);

    /**
     * How many steps were left out because their gradients overflowed, those before {@link #restoreState} included. They
     * do not count for a learning rate: its schedule is at the steps that were made.
     *
     * @return 0 unless in {@link Precision#FLOAT16}
     */
    default long skippedSteps() {
        return 0;
    }

    /** Forgets the gradients. */
    void zeroGrad();

    /**
     * Writes what the next step needs besides the weights and the data: the optimizer's states, how many steps were made,
     * and how many passes, which is where dropout stands.
     *
     * @param file a safetensors file, {@code optimizer.safetensors} in a checkpoint; replaced if it is there
     * @throws IllegalStateException if there are gradients of an unfinished step; call {@link #zeroGrad} first
     * @throws io.bertfinetune.error.CheckpointException if it cannot be written
     */
    void saveState(Path file);

    /**
     * Takes back what {@link #saveState} wrote. With the weights of the same moment, from {@link Model#restore}, every
     * following step is the same as if nothing had happened in between.
     *
     * @param file the file
     * @throws io.bertfinetune.error.CheckpointException if it is not there, damaged, of another version, or of another
     *     optimizer or model; the message names what differs, and nothing has changed
     */
    void restoreState(Path file);

    /** Frees gradients and optimizer state; the model keeps its trained weights. Closing twice does nothing. */
    @Override
    void close();
}
