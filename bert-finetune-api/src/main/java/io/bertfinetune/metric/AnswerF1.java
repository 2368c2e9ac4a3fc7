package io.bertfinetune.metric;

import io.bertfinetune.data.Example;
import io.bertfinetune.prediction.Answers;
import io.bertfinetune.text.Question;
import io.bertfinetune.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collector;

/**
 * How far the words of the best answer and of a true answer are the same: the harmonic mean of the shares of the one that
 * are in the other, of the true answer that fits best, averaged over questions; {@code f1} of the evaluation script of
 * SQuAD 1.1 (Rajpurkar et al., 2016), from 0 to 100 as there. Words are compared as by {@link ExactMatch}; an answer of
 * which nothing is left scores 0.
 *
 * <p>Labels are the true answers, as stretches of the context. A question that has none, as in SQuAD 2.0, scores 100 if
 * the model gives no answer and 0 if it gives one. NaN if there are no outcomes.
 */
public final class AnswerF1 implements Metric<Example<Question, List<Span>>, Answers> {
    private AnswerF1() {}

    /**
     * The mean overlap of answers in words.
     *
     * @return the metric {@code f1}
     */
    public static AnswerF1 of() {
        return new AnswerF1();
    }

    @Override
    public String name() {
        return "f1";
    }

    @Override
    public Collector<Outcome<? extends Example<Question, List<Span>>, ? extends Answers>, ?, Metrics> collector() {
        return Mean.collector(name(), outcome -> AnswerWords.best(outcome, AnswerF1::f1));
    }

    private static double f1(List<String> truth, List<String> prediction) {
        List<String> left = new ArrayList<>(prediction);
        long common = truth.stream().filter(left::remove).count();
        return LabelScore.ratio(2 * common, truth.size() + prediction.size());
    }
}
