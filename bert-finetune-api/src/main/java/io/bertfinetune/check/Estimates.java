package io.bertfinetune.check;

import io.bertfinetune.optim.Adafactor;
import io.bertfinetune.optim.Optimizer;
import io.bertfinetune.optim.ParameterInfo;
import io.bertfinetune.optim.Sgd;
import java.util.List;
import java.util.OptionalLong;

/** How a {@link RunEstimate} is reckoned. */
final class Estimates {
    private static final int FLOAT = 4;
    private static final int HEAD_WIDTH = 32;

    private Estimates() {}

    /** The tokens of so many rows, in batches of rows as they stand in the sample, each padded to its longest. */
    static OptionalLong tokens(OptionalLong rows, List<Integer> lengths, int batchSize) {
        if (rows.isEmpty() || lengths.isEmpty()) {
            return OptionalLong.empty();
        }
        long padded = 0;
        for (int from = 0; from < lengths.size(); from += batchSize) {
            List<Integer> batch = lengths.subList(from, Math.min(from + batchSize, lengths.size()));
            padded += (long) batch.size()
                    * batch.stream().mapToInt(length -> length).max().orElse(0);
        }
        return OptionalLong.of(Math.round((double) padded / lengths.size() * rows.getAsLong()));
    }

    static RunEstimate of(
            OptionalLong tokensPerEpoch,
            List<ParameterInfo> parameters,
            Optimizer optimizer,
            int batchSize,
            int longest) {
        long weights = parameters.stream().mapToLong(ParameterInfo::size).sum() * FLOAT;
        return new RunEstimate(
                tokensPerEpoch,
                weights,
                weights,
                Math.round(statesPerWeight(optimizer) * weights),
                activations(parameters, batchSize, longest));
    }

    /** How many numbers an optimizer keeps for each weight; of one that is not known as many as AdamW. */
    private static double statesPerWeight(Optimizer optimizer) {
        if (optimizer instanceof Sgd sgd) {
            return sgd.momentum() > 0 ? 1 : 0;
        }
        return optimizer instanceof Adafactor ? 0.01 : 2; // a row and a column of each matrix
    }

    /**
     * What the layers of a BERT keep: of each token eighteen vectors as wide as the hidden size and six as wide as the
     * intermediate one, of each pair of tokens four numbers a head. Counted on what a process grew by while MiniLM trained
     * (16 x 64 and 16 x 128 tokens), with 5 % on top.
     */
    private static long activations(List<ParameterInfo> parameters, int batchSize, int longest) {
        List<ParameterInfo> intermediate = parameters.stream()
                .filter(p -> p.name().endsWith("intermediate.dense.weight")
                        && p.shape().size() == 2)
                .toList();
        if (intermediate.isEmpty()) {
            return 0;
        }
        long wide = intermediate.get(0).shape().get(0);
        long hidden = intermediate.get(0).shape().get(1);
        long heads = Math.max(1, hidden / HEAD_WIDTH);
        long ofToken = 18 * hidden + 6 * wide + 4 * heads * longest;
        return FLOAT * ofToken * batchSize * longest * intermediate.size();
    }
}
