package io.bertfinetune.examples;

import io.bertfinetune.optim.Steps;
import java.util.List;

/** The flags that the programs of part 3 of the workshop share: one for each number that is decided before training. */
final class LoopFlags {
    static final Flag SEED = Flag.of("seed", "42", "Another seed, another head, shuffling and dropout");

    static final List<Flag> ALL = List.of(
            Flag.of("epochs", "4", "How often training goes through the data"),
            Flag.of("batch_size", "32", "How many examples make one step"),
            Flag.of("learning_rate", "3e-4", "The highest learning rate"),
            Flag.of("warmup_ratio", "0", "For which share of the steps the learning rate rises from 0"),
            Flag.of("weight_decay", "0", "How strongly weights are drawn to 0"),
            Flag.of("max_grad_norm", "1", "How long the gradient may be at most"),
            Flag.of(
                    "examples",
                    "",
                    "How many examples to learn from, the first of the training set; all unless given"));

    private LoopFlags() {}

    static HandWrittenLoop.Settings settings(Flags flags, long seed) {
        return new HandWrittenLoop.Settings(
                flags.whole("epochs"),
                flags.whole("batch_size"),
                flags.number("learning_rate"),
                Steps.ratio(flags.number("warmup_ratio")),
                flags.number("weight_decay"),
                flags.number("max_grad_norm"),
                seed);
    }

    static Corpus corpus(Flags flags) {
        Corpus all = Corpus.read(Shipped.data(flags));
        return flags.has("examples")
                ? new Corpus(all.train().limit(flags.whole("examples")), all.validation(), all.test())
                : all;
    }
}
