package io.bertfinetune.page;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Classification;
import io.bertfinetune.text.Text;

/**
 * An example a model was wrong about.
 *
 * @param index its place in the data set, from 0
 * @param text what the model read, both texts of a pair; its beginning, if it is long
 * @param truth the right label
 * @param predicted the label the model gave
 * @param score the probability it gave that label
 * @param truthScore the probability it gave the right label
 */
record Mistake(long index, String text, String truth, String predicted, double score, double truthScore) {
    private static final int MOST_CHARACTERS = 1000;

    static Mistake of(long index, Example<?, ?> example, String truth, Classification prediction) {
        return new Mistake(
                index,
                beginning(text(example.input())),
                truth,
                prediction.label(),
                prediction.score(),
                prediction.probabilities().getOrDefault(truth, 0.0));
    }

    private static String text(Object input) {
        if (input instanceof Text text) {
            return text.text() + text.pair().map(pair -> "\n" + pair).orElse("");
        }
        return input.toString();
    }

    private static String beginning(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        boolean cutsACharacter = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1));
        return text.substring(0, cutsACharacter ? MOST_CHARACTERS - 1 : MOST_CHARACTERS) + "…";
    }
}
