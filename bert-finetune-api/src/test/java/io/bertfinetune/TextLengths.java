package io.bertfinetune;

import io.bertfinetune.data.Batch;
import io.bertfinetune.data.Collator;
import io.bertfinetune.data.Example;
import io.bertfinetune.text.Padding;
import io.bertfinetune.text.Text;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The collator of a {@link LinearModel}, for which a text is as long as its characters. It keeps how many it measured. */
final class TextLengths implements Collator<Example<Text, String>> {
    private final Collator<Example<Text, String>> collator;

    final AtomicInteger measured = new AtomicInteger();

    TextLengths(LinearModel model) {
        collator = model.collator(Padding.LONGEST);
    }

    @Override
    public Batch<Example<Text, String>> collate(List<Example<Text, String>> examples) {
        return collator.collate(examples);
    }

    @Override
    public Optional<int[]> lengths(List<Example<Text, String>> examples) {
        measured.addAndGet(examples.size());
        return Optional.of(
                examples.stream().mapToInt(e -> e.input().text().length()).toArray());
    }
}
