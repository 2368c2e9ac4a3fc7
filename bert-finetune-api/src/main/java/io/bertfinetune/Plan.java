package io.bertfinetune;

import java.util.OptionalInt;

/**
 * How long a run is, as Hugging Face's {@code set_initial_training_values} counts.
 *
 * @param batchesPerEpoch the micro-batches of an epoch; empty if the data set does not know its size
 * @param maxSteps the optimizer steps of the run
 * @param epochs the epochs the run begins; the last may be cut short
 */
record Plan(OptionalInt batchesPerEpoch, long maxSteps, int epochs) {
    /** A plan for data with so many batches an epoch. */
    static Plan of(TrainingArguments args, int batchesPerEpoch) {
        int accumulation = args.gradientAccumulationSteps();
        long updates = (batchesPerEpoch + accumulation - 1L) / accumulation;
        if (args.maxSteps() > 0) {
            long epochs = (args.maxSteps() + updates - 1) / updates;
            return new Plan(
                    OptionalInt.of(batchesPerEpoch), args.maxSteps(), (int) Math.min(epochs, Integer.MAX_VALUE));
        }
        return new Plan(OptionalInt.of(batchesPerEpoch), (long) Math.ceil(args.numTrainEpochs() * updates), (int)
                Math.ceil(args.numTrainEpochs()));
    }

    /** A plan for data that does not know its size. */
    static Plan ofSteps(TrainingArguments args) {
        return new Plan(OptionalInt.empty(), args.maxSteps(), Integer.MAX_VALUE);
    }
}
