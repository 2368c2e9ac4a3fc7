package io.bertfinetune.check;

import com.google.common.primitives.ImmutableIntArray;
import io.bertfinetune.data.Example;
import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** One data set as it is read: counts, and a row for each thing that may be warned of. */
final class Part<I, L> implements Rows.Reader<Example<I, L>> {
    private static final int MOST_LABELS = 10_000; // more are numbers or names, not classes

    final String name;
    private final Tokenizer tokenizer;
    private final int maxLength;
    private final int unknownId;
    private final Optional<Part<I, L>> train;

    final Hashes hashes = new Hashes();
    final Map<String, Label> labels = new LinkedHashMap<>();
    long rows;
    boolean complete;
    OptionalLong size = OptionalLong.empty();
    private final ImmutableIntArray.Builder lengths = ImmutableIntArray.builder();
    private long truncated;
    private long words;
    private long unknown;
    private int longest = -1;
    final Rare empty = new Rare();
    final Rare duplicate = new Rare();
    final Rare cut = new Rare();
    final Rare unknownToken = new Rare();
    final Rare unreadable = new Rare();

    /** How often a label came, and where first. */
    static final class Label {
        long count;
        final String first;

        Label(String first) {
            this.first = first;
        }
    }

    /** How often something came, and a row that shows it. */
    static final class Rare {
        long count;
        String example = "";

        void add(Supplier<String> row) {
            if (count++ == 0) {
                example = row.get();
            }
        }
    }

    Part(String name, Tokenizer tokenizer, int maxLength, Optional<Part<I, L>> train) {
        this.name = name;
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.unknownId = tokenizer.vocabulary().getOrDefault("[UNK]", -1);
        this.train = train;
    }

    @Override
    public void row(long number, Example<I, L> example, boolean inSample) {
        rows++;
        String normalized = Texts.normalized(example.input());
        if (normalized.isEmpty()) {
            empty.add(() -> where(number) + ", labelled " + example.label());
        } else {
            long hash = Hashes.of(normalized);
            if (train.isEmpty()) {
                hashes.add(hash);
            } else if (train.get().hashes.contains(hash)) {
                duplicate.add(() -> shown(number, example));
            }
        }
        if (example.label() instanceof String label && (labels.containsKey(label) || labels.size() < MOST_LABELS)) {
            labels.computeIfAbsent(label, l -> new Label(shown(number, example))).count++;
        }
        if (inSample) {
            Texts.of(example.input()).ifPresent(text -> tokenize(number, example, text));
        }
    }

    @Override
    public void unreadable(long number, RuntimeException e) {
        unreadable.add(() -> where(number) + ": " + e.getMessage());
    }

    private void tokenize(long number, Example<I, L> example, Text text) {
        Encoding encoding;
        try {
            encoding = tokenizer.encode(text, Integer.MAX_VALUE);
        } catch (RuntimeException e) {
            unreadable(number, e);
            return;
        }
        int length = encoding.length();
        lengths.add(length);
        if (length > maxLength) {
            truncated++;
            if (length > longest) {
                cut.example = shown(number, example) + " with " + length + " tokens";
            }
        }
        longest = Math.max(longest, length);
        int[] ids = encoding.ids();
        for (int i = 0; i < ids.length; i++) {
            words += encoding.source().get(i).isSpecial() ? 0 : 1;
            if (ids[i] == unknownId) {
                unknown++;
                unknownToken.add(() -> shown(number, example));
            }
        }
    }

    /** How many tokens each row of the sample has that the model reads. */
    List<Integer> cutLengths() {
        return lengths.build().stream()
                .map(length -> Math.min(length, maxLength))
                .boxed()
                .toList();
    }

    PartReport report() {
        int[] sorted = sortedLengths();
        int tokenized = sorted.length;
        Map<String, Long> counts = new LinkedHashMap<>();
        labels.forEach((label, seen) -> counts.put(label, seen.count));
        return new PartReport(
                name,
                rows,
                complete,
                tokenized,
                cutLengths().stream().mapToInt(length -> length).average().orElse(0),
                quantile(sorted, 0.95),
                Math.max(0, longest),
                tokenized == 0 ? 0 : (double) truncated / tokenized,
                words == 0 ? 0 : (double) unknown / words,
                empty.count,
                duplicate.count,
                counts);
    }

    /** Whether there were too many labels to keep. */
    boolean hasClasses() {
        return labels.size() < MOST_LABELS;
    }

    long truncated() {
        return truncated;
    }

    /** The least length that this share of the texts keeps to. */
    int quantile(double share) {
        return quantile(sortedLengths(), share);
    }

    private int[] sortedLengths() {
        return lengths.build().stream().sorted().toArray();
    }

    private static int quantile(int[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    private String shown(long number, Example<I, L> example) {
        return where(number) + ", " + Texts.shown(example.input());
    }

    private String where(long number) {
        return "row " + number + " of " + name;
    }
}
