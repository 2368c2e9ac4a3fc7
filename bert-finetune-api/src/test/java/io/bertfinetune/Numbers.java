package io.bertfinetune;

import io.bertfinetune.data.Dataset;
import io.bertfinetune.data.Example;
import io.bertfinetune.data.IndexedDataset;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.stream.IntStream;

/** Data for {@link LinearModel}. */
final class Numbers {
    private Numbers() {}

    /** The label of each is the sign of its first number; the second is always 1. */
    static IndexedDataset<Example<Text, String>> signs(int count) {
        return Dataset.of(list(count));
    }

    static List<Example<Text, String>> list(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> (i % 2 == 0 ? 1 : -1) * (1 + i / 10.0))
                .map(x -> Example.of(Text.of(x + " 1"), x > 0 ? "plus" : "minus"))
                .toList();
    }

    static LinearModel model() {
        return LinearModel.of(2, "minus", "plus");
    }
}
