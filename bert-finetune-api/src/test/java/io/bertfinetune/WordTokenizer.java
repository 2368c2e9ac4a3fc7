package io.bertfinetune;

import io.bertfinetune.text.Encoding;
import io.bertfinetune.text.Text;
import io.bertfinetune.text.Tokenizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Cuts at spaces; knows {@code [PAD]}, and every other word as {@code [UNK]} or as one it knows. */
final class WordTokenizer implements Tokenizer {
    private static final int KNOWN = 2;

    @Override
    public Encoding encode(Text text, int maxLength) {
        List<String> words = Arrays.stream(text.text().split(" "))
                .filter(word -> !word.isEmpty())
                .limit(maxLength)
                .toList();
        int[] ids = words.stream()
                .mapToInt(word -> vocabulary().getOrDefault(word, KNOWN))
                .toArray();
        List<Encoding.Token> source = IntStream.range(0, ids.length)
                .mapToObj(i -> new Encoding.Token(0, 0, i))
                .toList();
        return Encoding.of(ids, new int[ids.length], words, source);
    }

    @Override
    public String decode(int... ids) {
        return String.join(" ", Collections.nCopies(ids.length, "word"));
    }

    @Override
    public Map<String, Integer> vocabulary() {
        return Map.of("[PAD]", 0, "[UNK]", 1);
    }

    @Override
    public int padId() {
        return 0;
    }
}
