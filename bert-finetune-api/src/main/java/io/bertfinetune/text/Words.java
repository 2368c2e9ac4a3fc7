package io.bertfinetune.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A text cut into words, each of which carries one tag in token classification.
 *
 * @param text the whole text
 * @param spans where each word is in the text, in order
 */
public record Words(String text, List<Span> spans) {
    /**
     * Checks that the words are stretches of the text, one after another.
     *
     * @param text the whole text
     * @param spans where each word is in the text, in order
     */
    public Words {
        Objects.requireNonNull(text, "text");
        spans = List.copyOf(spans);
        int from = 0;
        for (int word = 0; word < spans.size(); word++) {
            Span span = spans.get(word);
            if (span.start() < from || span.end() == span.start() || span.end() > text.length()) {
                throw new IllegalArgumentException("Words: word " + word + " is at " + span
                        + ", expected one character or more between " + from + " and " + text.length());
            }
            from = span.end();
        }
    }

    /**
     * Words as a corpus gives them; the text is the words with a space between each two.
     *
     * @param words the words, none of them empty
     * @return the words and their text
     */
    public static Words of(String... words) {
        return of(List.of(words));
    }

    /**
     * Words as a corpus gives them; the text is the words with a space between each two.
     *
     * @param words the words, none of them empty
     * @return the words and their text
     */
    public static Words of(List<String> words) {
        List<Span> spans = new ArrayList<>();
        int at = 0;
        for (String word : words) {
            spans.add(new Span(at, at + word.length()));
            at += word.length() + 1;
        }
        return new Words(String.join(" ", words), spans);
    }

    /**
     * The words themselves.
     *
     * @return the part of the text at each span
     */
    public List<String> words() {
        return spans.stream().map(span -> span.in(text)).toList();
    }
}
