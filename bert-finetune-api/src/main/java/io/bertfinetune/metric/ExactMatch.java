package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Answers;
import io.bertfinetune.text.Question;
import io.bertfinetune.text.Span;
import java.util.List;
import java.util.stream.Collector;

/**
 * The percentage of questions whose best answer is, word for word, one of the true answers; {@code exact_match} of the
 * evaluation script of SQuAD 1.1 (Rajpurkar et al., 2016), from 0 to 100 as there. Case, ASCII punctuation, the articles
 * {@code a}, {@code an} and {@code the}, and white space do not count.
 *
 * <p>Labels are the true answers, as stretches of the context. A question that has none, as in SQuAD 2.0, scores 100 if
 * the model gives no answer and 0 if it gives one. NaN if there are no outcomes.
 */
public final class ExactMatch implements Metric<Example<Question, List<Span>>, Answers> {
    private ExactMatch() {}

    /**
     * The percentage of right answers.
     *
     * @return the metric {@code exact_match}
     */
    public static ExactMatch of() {
        return new ExactMatch();
    }

    @Override
    public String name() {
        return "exact_match";
    }

    @Override
    public Collector<Outcome<? extends Example<Question, List<Span>>, ? extends Answers>, ?, Metrics> collector() {
        return Mean.collector(
                name(), outcome -> AnswerWords.best(outcome, (truth, prediction) -> truth.equals(prediction) ? 1 : 0));
    }
}
