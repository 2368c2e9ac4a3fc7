package io.bertfinetune.ort.weights;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;

/**
 * The parameters of a pretrained model, under the names of Hugging Face's {@code BertForSequenceClassification}
 * ({@code bert.encoder.layer.0.output.dense.weight}) whatever the file calls them, as 32-bit floats whatever the file
 * keeps.
 */
public interface Weights extends AutoCloseable {
    /**
     * What there is.
     *
     * @return the names, always in the same order
     */
    Set<String> names();

    /**
     * The dimensions of a parameter; a matrix is [out, in], as in PyTorch.
     *
     * @param name one of {@link #names}
     * @return its dimensions, outermost first
     * @throws IllegalArgumentException if there is none of that name
     */
    List<Long> shape(String name);

    /**
     * Copies the numbers of a parameter.
     *
     * @param name one of {@link #names}
     * @param target where to, filled from its position to its limit, which stay as they are
     * @throws IllegalArgumentException if there is none of that name, or the room is not of its size
     * @throws io.bertfinetune.error.ModelFormatException if it holds no floating point numbers or cannot be read
     */
    void copy(String name, FloatBuffer target);

    /** Lets go of the files. Closing twice does nothing; copying after it is an {@link IllegalStateException}. */
    @Override
    void close();
}
