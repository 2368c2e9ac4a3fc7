package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.Tensor;
import io.bertfinetune.text.Text;
import java.util.Arrays;
import java.util.Map;

/** Batches of texts of numbers whose tokens are the letters. */
final class Tokens {
    private Tokens() {}

    static Collator<Example<Text, String>> collator() {
        return examples -> {
            int[] lengths =
                    examples.stream().mapToInt(e -> e.input().text().length()).toArray();
            int longest = Arrays.stream(lengths).max().orElseThrow();
            long[] mask = new long[lengths.length * longest];
            for (int i = 0; i < lengths.length; i++) {
                Arrays.fill(mask, i * longest, i * longest + lengths[i], 1);
            }
            return new Batch<>(
                    examples,
                    Map.of(
                            "input_ids", Tensor.ofLongs(new long[mask.length], lengths.length, longest),
                            "attention_mask", Tensor.ofLongs(mask, lengths.length, longest)));
        };
    }
}
