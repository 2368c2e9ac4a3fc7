package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Answer;
import io.bertfinetune.prediction.Answers;
import io.bertfinetune.text.Question;
import io.bertfinetune.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;

/**
 * The words of an answer as the evaluation script of SQuAD 1.1 compares them: lower case, without ASCII punctuation,
 * without {@code a}, {@code an} and {@code the}.
 */
final class AnswerWords {
    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

    /** As Python's {@code \b(a|an|the)\b}, to which a letter or digit of any script is part of a word. */
    private static final Pattern ARTICLE = Pattern.compile("(?<![\\p{L}\\p{N}])(?:a|an|the)(?![\\p{L}\\p{N}])");

    private static final double PERCENT = 100;

    private AnswerWords() {}

    static List<String> of(String answer) {
        String bare = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
        return splitAtWhiteSpace(ARTICLE.matcher(bare).replaceAll(" "));
    }

    /** What the best of the true answers scores against the predicted one, in percent. */
    static double best(
            Outcome<? extends Example<Question, List<Span>>, ? extends Answers> outcome,
            ToDoubleBiFunction<List<String>, List<String>> score) {
        Example<Question, List<Span>> example = outcome.example();
        if (example.label().isEmpty()) {
            return outcome.prediction().best().isEmpty() ? PERCENT : 0;
        }
        List<String> prediction =
                of(outcome.prediction().best().map(Answer::text).orElse(""));
        return PERCENT
                * example.label().stream()
                        .map(span -> of(span.in(example.input().context())))
                        .mapToDouble(truth -> score.applyAsDouble(truth, prediction))
                        .max()
                        .orElse(0);
    }

    private static List<String> splitAtWhiteSpace(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        (text + " ").codePoints().forEach(c -> {
            if (!isWhiteSpace(c)) {
                word.appendCodePoint(c);
            } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
        });
        return words;
    }

    /** Python's {@code str.isspace}: besides Java's white space the no-break spaces and the next-line control. */
    private static boolean isWhiteSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }
}
