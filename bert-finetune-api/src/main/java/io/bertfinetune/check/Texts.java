package io.bertfinetune.check;

import io.bertfinetune.text.Text;
import java.util.Locale;
import java.util.Optional;

/** The texts inside inputs. */
final class Texts {
    private static final int SHOWN = 60;

    private Texts() {}

    /** The text the tokenizer of a model reads, if the input is one. */
    static Optional<Text> of(Object input) {
        return input instanceof Text text ? Optional.of(text) : Optional.empty();
    }

    /** Everything an input says, in lower case and with single spaces. */
    static String normalized(Object input) {
        String words = words(input).toLowerCase(Locale.ROOT);
        StringBuilder single = new StringBuilder(words.length());
        boolean space = false;
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                space = !single.isEmpty();
            } else {
                single.append(space ? " " : "").append(c);
                space = false;
            }
        }
        return single.toString();
    }

    /** The input for a message. */
    static String shown(Object input) {
        String words = words(input).replaceAll("\\s+", " ").strip();
        return "'" + (words.length() <= SHOWN ? words : words.substring(0, SHOWN) + "…") + "'";
    }

    private static String words(Object input) {
        return of(input)
                .map(text -> text.pair().map(pair -> text.text() + " | " + pair).orElse(text.text()))
                .orElseGet(input::toString);
    }
}
