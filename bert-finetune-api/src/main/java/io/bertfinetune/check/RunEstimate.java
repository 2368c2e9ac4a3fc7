package io.bertfinetune.check;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How much work an epoch is and how much memory training takes: an estimate, from the lengths of the texts that were
 * tokenized and the shapes of the parameters.
 *
 * <p>Weights, gradients and optimizer are counted as float32, each parameter once; activations are those of a BERT whose
 * attention heads are 32 wide or wider, for a batch of the longest texts, fitted to what training on a processor was
 * measured to take. What the engine and the JVM need themselves is not in it. Frozen parameters make it less.
 *
 * @param tokensPerEpoch the tokens of an epoch of training, padding included; empty if the data does not know its size, or
 *     nothing was tokenized
 * @param weightBytes the parameters
 * @param gradientBytes their gradients
 * @param optimizerBytes what the optimizer remembers
 * @param activationBytes what the layers keep between forward and backward, about; 0 if the model is no BERT
 */
public record RunEstimate(
        OptionalLong tokensPerEpoch, long weightBytes, long gradientBytes, long optimizerBytes, long activationBytes) {
    /**
     * All of it.
     *
     * @return bytes
     */
    public long totalBytes() {
        return weightBytes + gradientBytes + optimizerBytes + activationBytes;
    }

    /**
     * How long an epoch takes at a speed that was measured.
     *
     * @param tokensPerSecond tokens trained on in a second, padding included; above 0
     * @return the time, without evaluations
     * @throws IllegalStateException if {@link #tokensPerEpoch} is empty
     */
    public Duration epochAt(double tokensPerSecond) {
        long tokens = tokensPerEpoch.orElseThrow(
                () -> new IllegalStateException("epochAt: the data does not know its size, or has no texts"));
        return Duration.ofMillis(Math.round(1000 * tokens / tokensPerSecond));
    }

    /**
     * The estimate in words.
     *
     * @return {@code an epoch has about 30,000 tokens; training takes about 500 MB: …}
     */
    @Override
    public String toString() {
        String epoch = tokensPerEpoch.isPresent()
                ? String.format(Locale.ROOT, "an epoch has about %,d tokens with padding; ", tokensPerEpoch.getAsLong())
                : "";
        String activations =
                activationBytes == 0 ? "; activations not known" : ", activations " + megabytes(activationBytes);
        return epoch + "training takes about " + megabytes(totalBytes()) + ": weights " + megabytes(weightBytes)
                + ", gradients " + megabytes(gradientBytes) + ", optimizer " + megabytes(optimizerBytes) + activations;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MB", (bytes + 999_999) / 1_000_000);
    }
}
